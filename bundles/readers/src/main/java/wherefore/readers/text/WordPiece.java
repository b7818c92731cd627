package wherefore.readers.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Words cut into the longest pieces that the vocabulary has, from the left; pieces that don't begin
 * a word bear {@code ##}. A word that can't be cut so, or is longer than 100 characters, is
 * unknown. Source: Schuster and Nakajima 2012; Devlin et al. 2019.
 */
final class WordPiece implements Splitter {
  private static final int LONGEST = 100;
  private static final String INSIDE = "##";

  private final Vocabulary vocabulary;
  private final BertWords words;
  private final List<String> whole;
  private final String unknown;

  /**
   * @param whole tokens that are found in the text as they are
   * @param unknown the token for what is not known
   */
  WordPiece(Vocabulary vocabulary, boolean lowercase, List<String> whole, String unknown) {
    this.vocabulary = vocabulary;
    this.words = new BertWords(lowercase);
    this.whole = List.copyOf(whole);
    this.unknown = unknown;
  }

  @Override
  public List<Piece> split(String text) {
    List<Piece> pieces = new ArrayList<>();
    for (Whole.Part part : Whole.parts(text, whole)) {
      if (part.isToken()) {
        pieces.add(piece(text.substring(part.start(), part.end()), part.start(), part.end()));
      } else {
        words.words(text, part.start(), part.end()).forEach(w -> pieces.addAll(pieces(w)));
      }
    }
    return pieces;
  }

  private List<Piece> pieces(Word word) {
    List<Piece> pieces = new ArrayList<>();
    int from = 0;
    while (word.length() <= LONGEST && from < word.length()) {
      Optional<Piece> longest = longest(word, from);
      if (longest.isEmpty()) {
        break;
      }
      pieces.add(longest.get());
      from += longest.get().token().codePointCount(0, longest.get().token().length());
      from -= pieces.size() > 1 ? INSIDE.length() : 0;
    }
    return from == word.length()
        ? pieces
        : List.of(piece(unknown, word.start(0), word.end(word.length())));
  }

  private Optional<Piece> longest(Word word, int from) {
    for (int to = word.length(); to > from; to--) {
      String token = (from == 0 ? "" : INSIDE) + word.text(from, to);
      if (vocabulary.has(token)) {
        return Optional.of(piece(token, word.start(from), word.end(to)));
      }
    }
    return Optional.empty();
  }

  private Piece piece(String token, int start, int end) {
    return new Piece(token, vocabulary.id(token), start, end);
  }
}
