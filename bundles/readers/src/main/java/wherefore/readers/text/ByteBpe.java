package wherefore.readers.text;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import wherefore.model.ModelException;

/**
 * Byte-level byte-pair encoding: words, each with the blank in front of it, as bytes; the pair that
 * was merged earliest in training is joined until none is left. A byte is written as a printable
 * character: 33 to 126, 161 to 172 and 174 to 255 as themselves, the others from U+0100 on. Source:
 * Sennrich et al. 2016; Radford et al., GPT-2, 2019.
 */
final class ByteBpe implements Splitter {
  private static final Pattern WORDS =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);
  private static final String[] LETTERS = letters();

  private record Pair(String left, String right) {}

  private record Part(String token, int start, int end) {}

  private final Vocabulary vocabulary;
  private final Map<Pair, Integer> ranks = new HashMap<>();
  private final boolean prefixSpace;
  private final List<String> whole;
  private final Optional<String> unknown;

  /**
   * @param merges two tokens each, the earliest first
   * @param prefixSpace true to put a blank in front of the text
   * @param whole tokens that are found in the text as they are
   * @param unknown the token for bytes that the vocabulary lacks, if it has one
   */
  ByteBpe(
      Vocabulary vocabulary,
      List<List<String>> merges,
      boolean prefixSpace,
      List<String> whole,
      Optional<String> unknown) {
    this.vocabulary = vocabulary;
    this.prefixSpace = prefixSpace;
    this.whole = List.copyOf(whole);
    this.unknown = unknown;
    for (List<String> merge : merges) {
      ranks.putIfAbsent(new Pair(merge.get(0), merge.get(1)), ranks.size());
    }
  }

  private static String[] letters() {
    String[] letters = new String[256];
    int next = 0x100;
    for (int b = 0; b < 256; b++) {
      boolean shown = b >= 33 && b <= 126 || b >= 161 && b <= 172 || b >= 174;
      letters[b] = Character.toString(shown ? b : next++);
    }
    return letters;
  }

  @Override
  public List<Piece> split(String text) throws ModelException {
    List<Piece> pieces = new ArrayList<>();
    for (Whole.Part part : Whole.parts(text, whole)) {
      String between = text.substring(part.start(), part.end());
      if (part.isToken()) {
        pieces.add(new Piece(between, vocabulary.id(between), part.start(), part.end()));
      } else if (!between.isEmpty()) {
        words(between, part.start(), pieces);
      }
    }
    return pieces;
  }

  private void words(String text, int offset, List<Piece> pieces) throws ModelException {
    boolean spaced = prefixSpace && text.charAt(0) != ' ';
    int shift = offset - (spaced ? 1 : 0);
    String shown = spaced ? " " + text : text;
    Matcher word = WORDS.matcher(shown);
    while (word.find()) {
      for (Part part : joined(bytes(shown, word.start(), word.end(), shift, offset))) {
        pieces.add(piece(part));
      }
    }
  }

  /** A part for each byte, where its character is. */
  private static List<Part> bytes(String text, int from, int to, int shift, int least) {
    List<Part> parts = new ArrayList<>();
    for (int i = from, next; i < to; i = next) {
      next = i + Character.charCount(text.codePointAt(i));
      int start = Math.max(i + shift, least);
      int end = Math.max(next + shift, start + 1); // a blank in front stands at the first letter
      for (byte b : text.substring(i, next).getBytes(StandardCharsets.UTF_8)) {
        parts.add(new Part(LETTERS[b & 0xff], start, end));
      }
    }
    return parts;
  }

  private List<Part> joined(List<Part> parts) {
    while (true) {
      int best = -1;
      int least = Integer.MAX_VALUE;
      for (int i = 0; i + 1 < parts.size(); i++) {
        Integer rank = ranks.get(new Pair(parts.get(i).token, parts.get(i + 1).token));
        if (rank != null && rank < least) {
          least = rank;
          best = i;
        }
      }
      if (best < 0) {
        return parts;
      }
      Part right = parts.remove(best + 1);
      Part left = parts.get(best);
      parts.set(best, new Part(left.token + right.token, left.start, right.end));
    }
  }

  private Piece piece(Part part) throws ModelException {
    String token = vocabulary.has(part.token) ? part.token : unknown.orElse("");
    if (!vocabulary.has(token)) {
      throw new ModelException(
          "the characters %d to %d are '%s' in bytes, which the vocabulary %s lacks, and it has no token for what is unknown"
              .formatted(part.start, part.end, part.token, vocabulary.source()));
    }
    return new Piece(token, vocabulary.id(token), part.start, part.end);
  }
}
