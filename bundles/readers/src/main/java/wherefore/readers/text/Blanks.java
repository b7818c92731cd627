package wherefore.readers.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import wherefore.model.ModelException;

/**
 * What stands between blanks.
 *
 * @param lowercase true to look it up in lower case
 * @param unknown the token for what is not known; empty to refuse it
 */
record Blanks(Vocabulary vocabulary, boolean lowercase, Optional<String> unknown)
    implements Splitter {
  @Override
  public List<Piece> split(String text) throws ModelException {
    List<Piece> pieces = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || Characters.isBlank(text.charAt(i))) {
        if (i > start) {
          pieces.add(piece(text, start, i));
        }
        start = i + 1;
      }
    }
    return pieces;
  }

  private Piece piece(String text, int start, int end) throws ModelException {
    String written = text.substring(start, end);
    String word = lowercase ? written.toLowerCase(Locale.ROOT) : written;
    if (!vocabulary.has(word) && unknown.isEmpty()) {
      throw new ModelException(
          "the word '%s' at character %d is not in the vocabulary %s, which has no token for unknown words; known: %s"
              .formatted(word, start, vocabulary.source(), vocabulary.some()));
    }
    String token = vocabulary.has(word) ? word : unknown.orElseThrow();
    return new Piece(token, vocabulary.id(token), start, end);
  }
}
