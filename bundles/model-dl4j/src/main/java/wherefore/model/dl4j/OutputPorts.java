package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import wherefore.graph.Graph;
import wherefore.graph.GraphException;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Port.Axis;
import wherefore.model.Preprocessing;
import wherefore.tensor.Shape;

/**
 * What a network's outputs look like: found by trying input sizes. An extent that two fitting sizes
 * share is fixed.
 */
final class OutputPorts {
  private static final int LARGEST = 1024;

  /** An extent for the rows (and steps) of an input, and one for its columns. */
  private record Size(int rows, int columns) {}

  private OutputPorts() {}

  /** The ports, in the order of the network's outputs. */
  static List<Port> of(TranslatedNetwork network, ModelCard card, String file)
      throws ModelException {
    boolean free = network.inputs().stream().anyMatch(OutputPorts::hasFreeExtent);
    List<Graph> fitting =
        sizes(card)
            .limit(free ? Long.MAX_VALUE : 1)
            .map(size -> tried(network, size))
            .flatMap(Optional::stream)
            .limit(2)
            .toList();
    if (fitting.isEmpty()) {
      throw new ModelException(
          "%s: the layers take no input of up to %d rows and as many columns; %s"
              .formatted(file, LARGEST, "say width and height in a card beside it"));
    }
    return network.outputs().keySet().stream()
        .map(name -> port(name, fitting.getFirst(), fitting.getLast()))
        .toList();
  }

  private static Stream<Size> sizes(ModelCard card) {
    Stream<Size> known =
        card.preprocessing().stream()
            .filter(Preprocessing.Image.class::isInstance)
            .map(Preprocessing.Image.class::cast)
            .map(image -> new Size(image.height(), image.width()));
    return Stream.concat(known, IntStream.rangeClosed(1, LARGEST).mapToObj(s -> new Size(s, s)));
  }

  private static boolean hasFreeExtent(Port port) {
    return port.axes().stream().skip(1).anyMatch(Axis::isFree);
  }

  private static Optional<Graph> tried(TranslatedNetwork network, Size size) {
    Map<String, Shape> shapes = new HashMap<>();
    network.inputs().forEach(port -> shapes.put(port.name(), shape(port, size)));
    try {
      return Optional.of(network.graph(shapes));
    } catch (GraphException doesNotFit) {
      return Optional.empty();
    }
  }

  private static Shape shape(Port port, Size size) {
    return Shape.of(
        port.axes().stream()
            .mapToInt(
                axis ->
                    switch (axis.name()) {
                      case "" -> axis.isFree() ? 1 : axis.extent();
                      case "batch", "channels" -> 1;
                      case "width" -> size.columns();
                      default -> size.rows();
                    })
            .toArray());
  }

  private static Port port(String name, Graph one, Graph other) {
    Shape shape = one.output(name).shape();
    Shape second = other.output(name).shape();
    List<Axis> axes = new ArrayList<>(List.of(Axis.free("batch")));
    for (int axis = 1; axis < shape.rank(); axis++) {
      axes.add(shape.dim(axis) == second.dim(axis) ? Axis.fixed(shape.dim(axis)) : Axis.free(""));
    }
    return new Port(name, one.output(name).type().element(), axes);
  }
}
