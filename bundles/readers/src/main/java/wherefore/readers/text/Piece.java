package wherefore.readers.text;

/**
 * A part of a text that is in a vocabulary.
 *
 * @param token as the vocabulary has it
 * @param id its number
 * @param start where it begins in the text, in UTF-16 units
 * @param end behind its last unit; the start if it does not stand in the text
 */
public record Piece(String token, int id, int start, int end) {}
