package wherefore.model.dl4j;

import java.util.regex.Pattern;
import wherefore.model.ModelException;

/** What is looked at in JSON before a parser may. */
final class Json {
  /** The deepest nesting; networks inside of networks need about ten. */
  private static final int MAX_DEPTH = 200;

  private Json() {}

  /** Parsers call themselves for each level. */
  static void checkDepth(String json, String where) throws ModelException {
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else {
        quoted = c == '"';
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      }
      if (depth > MAX_DEPTH) {
        throw new ModelException("%s is nested deeper than %d levels".formatted(where, MAX_DEPTH));
      }
    }
  }

  /** True if the outermost object says so of itself. */
  static boolean names(String json, String key, String value) {
    Pattern first = Pattern.compile("\"" + key + "\"\\s*:\\s*\"([^\"]*)\"");
    String outer = outermost(json);
    return first.matcher(outer).results().anyMatch(m -> m.group(1).equals(value));
  }

  /** Without what lies deeper than the outermost object. */
  private static String outermost(String json) {
    StringBuilder result = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      depth += !quoted && (c == '{' || c == '[') ? 1 : 0;
      if (depth == 1) {
        result.append(c);
      }
      depth -= !quoted && (c == '}' || c == ']') ? 1 : 0;
      if (quoted && c == '\\') {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      }
    }
    return result.toString();
  }
}
