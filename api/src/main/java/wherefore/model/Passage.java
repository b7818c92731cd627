package wherefore.model;

import java.util.List;

/**
 * A text and its tokens.
 *
 * @param text as a person wrote it
 * @param tokens in order, as many as the model's input has
 */
public record Passage(String text, List<Token> tokens) {
  /**
   * A token.
   *
   * @param text as the vocabulary has it
   * @param start where it begins in the text, in UTF-16 units; of an added token where it was added
   * @param end behind its last unit; the start if it was added
   */
  public record Token(String text, int start, int end) {
    /** True if it does not stand in the text: {@code [CLS]}, padding. */
    public boolean isAdded() {
      return start == end;
    }
  }

  /** Copies the list and checks the places. */
  public Passage {
    tokens = List.copyOf(tokens);
    for (Token t : tokens) {
      if (t.start() < 0 || t.end() < t.start() || t.end() > text.length()) {
        throw new IllegalArgumentException(
            "token %s is at %d to %d of a text of %d characters"
                .formatted(t.text(), t.start(), t.end(), text.length()));
      }
    }
  }

  /** The tokens' texts. */
  public List<String> names() {
    return tokens.stream().map(Token::text).toList();
  }
}
