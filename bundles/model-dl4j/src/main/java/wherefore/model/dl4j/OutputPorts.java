package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import wherefore.graph.Graph;
import wherefore.graph.GraphException;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Port.Axis;
import wherefore.tensor.Shape;

/**
 * What a network's outputs look like: found by trying sizes of the input, squares first. An extent
 * that two fitting sizes share is fixed.
 */
final class OutputPorts {
  private static final int LARGEST = 1024;
  private static final int LONGEST = 64;

  /** Extents for the depth, the rows (and steps) and the columns of an input. */
  private record Size(int depth, int rows, int columns) {}

  private final TranslatedNetwork network;
  private final List<Graph> fitting = new ArrayList<>();
  private String misfit = "";
  private Optional<Integer> depth = Optional.empty();
  private Optional<Integer> rows = Optional.empty();
  private Optional<Integer> columns = Optional.empty();

  private OutputPorts(TranslatedNetwork network) {
    this.network = network;
  }

  /** The ports, in the order of the network's outputs. */
  static List<Port> of(TranslatedNetwork network, String file) throws ModelException {
    OutputPorts ports = new OutputPorts(network);
    boolean open = network.inputs().stream().anyMatch(OutputPorts::hasFreeExtent);
    ports.trySizes(largest(network), open ? 2 : 1);
    if (ports.fitting.isEmpty()) {
      throw new ModelException(
          open
              ? "%s: the layers take no input %s of up to %d places along an axis (%s); say an image's width and height in a card"
                  .formatted(file, network.inputs(), largest(network), ports.misfit)
              : "%s: the input %s does not fit the layers: %s"
                  .formatted(file, network.inputs(), ports.misfit));
    }
    return network.outputs().keySet().stream().map(ports::port).toList();
  }

  private void trySizes(int largest, int enough) {
    for (int side = 1; side <= largest && fitting.size() < enough; side++) {
      trySize(new Size(side, side, side));
      if (fitting.isEmpty() && rows.isPresent() && columns.isPresent()) {
        trySize(new Size(depth.orElse(side), rows.get(), columns.get()));
        if (depth.isPresent() || !isVolume()) {
          return;
        }
      }
    }
  }

  /** Images may have to be large; sequences of any length mostly fit. */
  private static int largest(TranslatedNetwork network) {
    if (network.inputs().stream().noneMatch(OutputPorts::hasFreeExtent)) {
      return 1;
    }
    boolean images =
        hasAxis(network, LayerForms.HEIGHT) && !hasAxis(network, LayerForms.DEPTH_NAME);
    return images ? LARGEST : LONGEST;
  }

  private boolean isVolume() {
    return hasAxis(network, LayerForms.DEPTH_NAME);
  }

  private static boolean hasAxis(TranslatedNetwork network, String name) {
    return network.inputs().stream()
        .flatMap(port -> port.axes().stream())
        .anyMatch(axis -> axis.name().equals(name));
  }

  private static boolean hasFreeExtent(Port port) {
    return port.axes().stream().skip(1).anyMatch(Axis::isFree);
  }

  private void trySize(Size size) {
    Map<String, Shape> shapes = new HashMap<>();
    network.inputs().forEach(port -> shapes.put(port.name(), shape(port, size)));
    try {
      fitting.add(checked(network.graph(shapes)));
    } catch (GraphException e) {
      misfit = String.valueOf(e.getMessage());
      if (e.getCause() instanceof MisfitException misfit) {
        depth = depth.or(() -> misfit.depthFits() ? Optional.of(size.depth()) : Optional.empty());
        rows = rows.or(() -> misfit.rowsFit() ? Optional.of(size.rows()) : Optional.empty());
        columns =
            columns.or(() -> misfit.columnsFit() ? Optional.of(size.columns()) : Optional.empty());
      }
    }
  }

  /** One example in, one example out. */
  private static Graph checked(Graph graph) {
    for (String name : graph.outputs().keySet()) {
      Shape shape = graph.output(name).shape();
      if (shape.rank() == 0 || shape.dim(0) != 1) {
        throw new GraphException(
            "the output %s is %s for one example: rows of an output are examples here"
                .formatted(name, shape));
      }
    }
    return graph;
  }

  private static Shape shape(Port port, Size size) {
    return Shape.of(
        port.axes().stream()
            .mapToInt(
                axis ->
                    switch (axis.name()) {
                      case "" -> axis.isFree() ? 1 : axis.extent();
                      case "batch", "channels" -> 1;
                      case LayerForms.DEPTH_NAME -> size.depth();
                      case LayerForms.WIDTH -> size.columns();
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
