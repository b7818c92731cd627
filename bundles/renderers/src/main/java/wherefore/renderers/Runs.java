package wherefore.renderers;

import java.util.ArrayList;
import java.util.List;
import wherefore.model.Passage;
import wherefore.render.Panel;

/**
 * A text in parts, each with the attribution of the token that it is.
 *
 * @param runs in order of the text; together they are the text and the added tokens
 */
record Runs(List<Run> runs) {
  /** What a run is. */
  enum Role {
    /** Text that no token stands for: blanks. */
    GAP,
    /** A token's text. */
    TOKEN,
    /** A token that was added, by its name. */
    ADDED
  }

  /**
   * A part.
   *
   * @param value the attribution; 0 of a gap
   */
  record Run(String text, Role role, double value) {}

  /** Tokens on the same characters, as bytes of one, are one run with the sum of their values. */
  static Runs of(Panel panel) {
    Passage passage = panel.passage().orElseThrow();
    double[] values = Bars.values(panel);
    List<Run> runs = new ArrayList<>();
    int at = 0;
    for (int i = 0; i < values.length; i++) {
      Passage.Token token = passage.tokens().get(i);
      if (token.isAdded()) {
        added(runs, token.text(), values[i]);
      } else if (token.start() < at && !runs.isEmpty()) {
        String more = passage.text().substring(at, Math.max(at, token.end()));
        joined(runs, more, values[i]);
      } else {
        gap(runs, passage.text().substring(at, token.start()));
        String text = passage.text().substring(token.start(), token.end());
        runs.add(new Run(text, Role.TOKEN, values[i]));
      }
      at = Math.max(at, token.end());
    }
    gap(runs, passage.text().substring(Math.min(at, passage.text().length())));
    return new Runs(runs);
  }

  private static void gap(List<Run> runs, String text) {
    if (!text.isEmpty()) {
      runs.add(new Run(text, Role.GAP, 0));
    }
  }

  /** Padding in a row is one run. */
  private static void added(List<Run> runs, String name, double value) {
    Run last = runs.isEmpty() ? new Run("", Role.GAP, 0) : runs.get(runs.size() - 1);
    if (last.role() == Role.ADDED && last.text().split(" × ", -1)[0].equals(name)) {
      int count = 1 + (last.text().equals(name) ? 1 : count(last.text()));
      runs.set(runs.size() - 1, new Run(name + " × " + count, Role.ADDED, last.value() + value));
    } else {
      runs.add(new Run(name, Role.ADDED, value));
    }
  }

  private static int count(String text) {
    return Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
  }

  private static void joined(List<Run> runs, String more, double value) {
    Run last = runs.get(runs.size() - 1);
    runs.set(runs.size() - 1, new Run(last.text() + more, Role.TOKEN, last.value() + value));
  }

  double[] values() {
    return runs.stream().filter(r -> r.role() != Role.GAP).mapToDouble(Run::value).toArray();
  }
}
