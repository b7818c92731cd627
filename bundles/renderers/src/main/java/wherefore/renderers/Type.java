package wherefore.renderers;

import java.util.ArrayList;
import java.util.List;

/**
 * How a text is set.
 *
 * @param glyphs the face
 * @param size in pixels
 */
record Type(Glyphs glyphs, double size) {
  double width(String text) {
    return glyphs.width(text) * size;
  }

  /** A text in lines of at most this width; a longer word is cut. */
  List<String> wrap(String text, double width) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.strip().split("\\s+")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (width(longer) <= width) {
        line = longer;
      } else {
        if (!line.isEmpty()) {
          lines.add(line);
        }
        line = shorten(word, width);
      }
    }
    lines.add(line);
    return lines;
  }

  /** A text that is cut, with an ellipsis, where it is wider. */
  String shorten(String text, double width) {
    if (width(text) <= width) {
      return text;
    }
    int end = text.length();
    while (end > 1 && width(text.substring(0, end) + "…") > width) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end) + "…";
  }
}
