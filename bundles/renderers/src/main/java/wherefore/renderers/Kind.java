package wherefore.renderers;

import java.util.List;
import wherefore.render.Panel;
import wherefore.render.Scene;
import wherefore.render.Style;
import wherefore.tensor.Shape;

/**
 * What a scene's values are. Rank 4 and rank 3 are planes; but [1, token, component] with a name
 * for each token, and no picture, are features, as is all of rank 2; with their text they are drawn
 * in it.
 */
enum Kind {
  /** Images, and matrices without names. */
  PLANES,
  /** Something for each of a row of features, tokens or points in time. */
  FEATURES,
  /** What can't be drawn: several examples, no elements, other ranks, or a mixture. */
  OTHER;

  static Kind of(Scene scene) {
    List<Kind> kinds = scene.panels().stream().map(Kind::of).distinct().toList();
    return kinds.size() == 1 ? kinds.get(0) : OTHER;
  }

  private static Kind of(Panel panel) {
    Shape shape = panel.values().shape();
    if (shape.rank() < 2 || shape.dim(0) != 1 || shape.size() == 0) {
      return OTHER;
    }
    return switch (shape.rank()) {
      case 2 -> FEATURES;
      case 3 ->
          panel.picture().isEmpty() && panel.features().size() == shape.dim(1) ? FEATURES : PLANES;
      case 4 -> PLANES;
      default -> OTHER;
    };
  }

  Page.Body body(Scene scene, Style style) {
    return switch (this) {
      case PLANES -> new HeatMap(scene, style);
      case FEATURES ->
          TextFlow.accepts(scene)
              ? new TextFlow(scene, style)
              : Signal.accepts(scene) ? new Signal(scene, style) : new BarChart(scene, style);
      case OTHER ->
          throw new IllegalArgumentException(
              "values "
                  + scene.panels().stream().map(p -> p.values().shape()).toList()
                  + " are not drawn; [1,row,column], [1,channel,row,column] and [1,feature] are");
    };
  }
}
