package wherefore.render;

import java.util.List;

/**
 * What is shown together. All panels share one scale, taken from all of them and printed.
 *
 * @param title above all
 * @param panels from left to right
 * @param facts lines below
 */
public record Scene(String title, List<Panel> panels, List<String> facts) {
  /** Copies the lists. */
  public Scene {
    panels = List.copyOf(panels);
    facts = List.copyOf(facts);
    if (panels.isEmpty()) {
      throw new IllegalArgumentException("a scene has at least one panel");
    }
  }
}
