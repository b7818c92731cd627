package wherefore.readers.text;

import java.util.ArrayList;
import java.util.List;

/** Characters in a row, each with the place in the original text that it came from. */
final class Word {
  private record Sign(int character, int start, int end) {}

  private final List<Sign> signs = new ArrayList<>();

  void add(int character, int start, int end) {
    signs.add(new Sign(character, start, end));
  }

  boolean isEmpty() {
    return signs.isEmpty();
  }

  int length() {
    return signs.size();
  }

  String text(int from, int to) {
    StringBuilder text = new StringBuilder();
    signs.subList(from, to).forEach(s -> text.appendCodePoint(s.character));
    return text.toString();
  }

  int start(int from) {
    return signs.get(from).start;
  }

  int end(int to) {
    return signs.get(to - 1).end;
  }
}
