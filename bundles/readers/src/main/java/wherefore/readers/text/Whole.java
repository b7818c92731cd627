package wherefore.readers.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Tokens that are found in a text as they are, before it is cut. */
final class Whole {
  /** A part of a text: such a token, or what lies between them. */
  record Part(int start, int end, boolean isToken) {}

  private Whole() {}

  static List<Part> parts(String text, List<String> tokens) {
    if (tokens.isEmpty()) {
      return List.of(new Part(0, text.length(), false));
    }
    String any = tokens.stream().map(Pattern::quote).collect(Collectors.joining("|"));
    Matcher found = Pattern.compile(any).matcher(text);
    List<Part> parts = new ArrayList<>();
    int from = 0;
    while (found.find()) {
      parts.add(new Part(from, found.start(), false));
      parts.add(new Part(found.start(), found.end(), true));
      from = found.end();
    }
    parts.add(new Part(from, text.length(), false));
    return parts;
  }
}
