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
 * What a network's outputs look like: found by trying sizes of the input, squares first. An extent
 * that two fitting sizes share is fixed.
 */
final class OutputPorts {
  private static final int LARGEST = 1024;

  /** An extent for the rows (and steps) of an input, and one for its columns. */
  private record Size(int rows, int columns) {}

  private final TranslatedNetwork network;
  private final List<Graph> fitting = new ArrayList<>();
  private Optional<Integer> rows = Optional.empty();
  private Optional<Integer> columns = Optional.empty();

  private OutputPorts(TranslatedNetwork network) {
    this.network = network;
  }

  /** The ports, in the order of the network's outputs. */
  static List<Port> of(TranslatedNetwork network, ModelCard card, String file)
      throws ModelException {
    OutputPorts ports = new OutputPorts(network);
    ports.trySizes(card);
    if (ports.fitting.isEmpty()) {
      throw new ModelException(
          "%s: the layers take no input of up to %d rows and columns; say width and height in a card"
              .formatted(file, LARGEST));
    }
    return network.outputs().keySet().stream().map(ports::port).toList();
  }

  private void trySizes(ModelCard card) {
    int enough = network.inputs().stream().anyMatch(OutputPorts::hasFreeExtent) ? 2 : 1;
    List<Size> sizes = sizes(card, enough == 1 ? 1 : LARGEST);
    for (int i = 0; i < sizes.size() && fitting.size() < enough; i++) {
      trySize(sizes.get(i));
      if (fitting.isEmpty() && rows.isPresent() && columns.isPresent()) {
        trySize(new Size(rows.get(), columns.get()));
        return;
      }
    }
  }

  private static List<Size> sizes(ModelCard card, int largest) {
    Stream<Size> known =
        card.preprocessing().stream()
            .filter(Preprocessing.Image.class::isInstance)
            .map(Preprocessing.Image.class::cast)
            .map(image -> new Size(image.height(), image.width()));
    Stream<Size> squares = IntStream.rangeClosed(1, largest).mapToObj(s -> new Size(s, s));
    return Stream.concat(known, squares).toList();
  }

  private static boolean hasFreeExtent(Port port) {
    return port.axes().stream().skip(1).anyMatch(Axis::isFree);
  }

  private void trySize(Size size) {
    Map<String, Shape> shapes = new HashMap<>();
    network.inputs().forEach(port -> shapes.put(port.name(), shape(port, size)));
    try {
      fitting.add(network.graph(shapes));
    } catch (GraphException e) {
      if (e.getCause() instanceof MisfitException misfit) {
        rows = rows.or(() -> misfit.rowsFit() ? Optional.of(size.rows()) : Optional.empty());
        columns =
            columns.or(() -> misfit.columnsFit() ? Optional.of(size.columns()) : Optional.empty());
      }
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

  private Port port(String name) {
    Shape shape = fitting.getFirst().output(name).shape();
    Shape other = fitting.getLast().output(name).shape();
    List<Axis> axes = new ArrayList<>(List.of(Axis.free("batch")));
    for (int axis = 1; axis < shape.rank(); axis++) {
      axes.add(shape.dim(axis) == other.dim(axis) ? Axis.fixed(shape.dim(axis)) : Axis.free(""));
    }
    return new Port(name, fitting.getFirst().output(name).type().element(), axes);
  }
}
