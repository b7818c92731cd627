package wherefore.readers.text;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * BERT's words: control characters go, blanks part, signs and ideographs stand alone; if asked for,
 * accents go (category Mn after canonical decomposition) and case with them. Source: Devlin et al.,
 * BERT, 2019, its "basic" tokenizer; all blanks of Unicode count.
 *
 * @param lowercase true to take case and accents away
 */
record BertWords(boolean lowercase) {
  /** The words of a part of a text. */
  List<Word> words(String text, int from, int to) {
    List<Word> words = new ArrayList<>();
    Word word = new Word();
    for (int i = from, next; i < to; i = next) {
      int c = text.codePointAt(i);
      next = i + Character.charCount(c);
      if (c == 0 || c == 0xFFFD || Characters.isControl(c)) {
        continue;
      }
      if (Characters.isBlank(c)) {
        word = closed(words, word);
      } else if (Characters.isIdeograph(c)) {
        word = closed(words, word);
        word.add(c, i, next);
        word = closed(words, word);
      } else {
        word = letters(words, word, c, i, next);
      }
    }
    closed(words, word);
    return words;
  }

  private Word letters(List<Word> words, Word open, int character, int start, int end) {
    Word word = open;
    for (int c : simplified(character)) {
      if (Characters.isPunctuation(c)) {
        word = closed(words, word);
        word.add(c, start, end);
        word = closed(words, word);
      } else {
        word.add(c, start, end);
      }
    }
    return word;
  }

  private static Word closed(List<Word> words, Word word) {
    if (!word.isEmpty()) {
      words.add(word);
      return new Word();
    }
    return word;
  }

  private int[] simplified(int character) {
    String text = Character.toString(character);
    if (!lowercase) {
      return new int[] {character};
    }
    return Normalizer.normalize(text, Normalizer.Form.NFD)
        .codePoints()
        .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
        .flatMap(c -> Character.toString(c).toLowerCase(Locale.ROOT).codePoints())
        .toArray();
  }
}
