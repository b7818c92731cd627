package wherefore.attribution;

import java.util.BitSet;
import java.util.Optional;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Op;
import wherefore.graph.Primitive;

/**
 * The layers that have places: spatial is what a convolution or pooling yields, and what keeps its
 * axes, [n, channels, extents…]. The last one of more than one place before the head is what maps
 * are made from where a request names none.
 */
public final class SpatialLayers {
  private final Graph graph;
  private final boolean[] spatial;

  private SpatialLayers(Graph graph) {
    this.graph = graph;
    this.spatial = new boolean[graph.nodes().size()];
    graph.nodes().forEach(node -> spatial[node.id()] = isSpatial(node));
  }

  /** The name of the last one with more than one place before the target, if there is one. */
  public static Optional<String> last(AttributionRequest request) {
    Graph graph = request.graph(1);
    return new SpatialLayers(graph).before(Subject.scored(graph, request.target()));
  }

  /**
   * The name of the last one with more than one place before the target.
   *
   * @throws AttributionException if there is none
   */
  public static String required(AttributionRequest request) {
    return last(request).orElseThrow(() -> none(request));
  }

  private static AttributionException none(AttributionRequest request) {
    Node scored = Subject.scored(request.graph(1), request.target());
    return new AttributionException(
        ("%s: model %s has no layer with spatial extent before %s; name one of shape [n, channels,"
                + " extents…] to explain")
            .formatted(request.method(), request.model().name(), scored.describe()));
  }

  /** Whether what a node of a graph yields has places, behind its first two axes. */
  public static boolean isSpatial(Graph graph, Node node) {
    return new SpatialLayers(graph).spatial[node.id()];
  }

  private Optional<String> before(Node scored) {
    BitSet needed = graph.needed(scored.id());
    return graph.layers().entrySet().stream()
        .filter(e -> e.getValue().id() < scored.id() && needed.get(e.getValue().id()))
        .filter(e -> spatial[e.getValue().id()] && places(e.getValue()) > 1)
        .reduce((first, second) -> first.getValue().id() > second.getValue().id() ? first : second)
        .map(e -> e.getKey());
  }

  private static int places(Node node) {
    return node.shape().axes(2, node.shape().rank()).size();
  }

  private boolean isSpatial(Node node) {
    return node.shape().rank() > 2 && (makesPlaces(node.op()) || keepsPlaces(node));
  }

  private static boolean makesPlaces(Op op) {
    return switch (op) {
      case Primitive.Conv c -> true;
      case Primitive.ConvTranspose c -> true;
      case Composite.MaxPool p -> true;
      case Composite.AveragePool p -> true;
      default -> false;
    };
  }

  /** Whether an operand is spatial, and the operator leaves its axes where they are. */
  private boolean keepsPlaces(Node node) {
    boolean moves =
        switch (node.op()) {
          case Leaf l -> true;
          case Primitive.Reshape r -> true;
          case Primitive.Transpose t -> true;
          case Primitive.MatMul m -> true;
          case Primitive.Gather g -> true;
          case Primitive.ScatterAdd s -> true;
          case Primitive.Windows w -> true;
          case Primitive.OverlapAdd o -> true;
          case Composite.Gemm g -> true;
          default -> false;
        };
    return !moves
        && node.inputs().stream()
            .anyMatch(in -> spatial[in] && graph.node(in).shape().rank() == node.shape().rank());
  }
}
