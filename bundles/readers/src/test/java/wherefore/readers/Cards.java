package wherefore.readers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import wherefore.model.ModelCard;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.tensor.ElementType;

/** Cards and ports for tests. */
final class Cards {
  private Cards() {}

  static ModelCard of(Preprocessing preprocessing, String... features) {
    return new ModelCard(
        "", "", "", "", Optional.of(preprocessing), List.of(), List.of(features), Optional.empty());
  }

  static ModelCard features(String... features) {
    return new ModelCard(
        "", "", "", "", Optional.empty(), List.of(), List.of(features), Optional.empty());
  }

  static Preprocessing.Image image(
      int width, int height, Preprocessing.Channels channels, Preprocessing.Layout layout) {
    return new Preprocessing.Image(
        width, height, channels, layout, List.of(1.0), List.of(), List.of());
  }

  /** Extents behind a free batch axis. */
  static Port port(ElementType element, int... extents) {
    List<Port.Axis> axes = new ArrayList<>(List.of(Port.Axis.free("batch")));
    for (int extent : extents) {
      axes.add(extent < 0 ? Port.Axis.free("") : Port.Axis.fixed(extent));
    }
    return new Port("x", element, axes);
  }
}
