package wherefore.method.activationmaps;

import java.util.Optional;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Subject;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Op;
import wherefore.graph.Primitive;

/**
 * The layer that is taken where a request names none: the last one with spatial extent before the
 * head. Spatial is what a convolution or pooling yields, and what keeps its axes; extent means more
 * than one place.
 */
final class DefaultLayer {
  private final Graph graph;
  private final boolean[] spatial;

  private DefaultLayer(Graph graph) {
    this.graph = graph;
    this.spatial = new boolean[graph.nodes().size()];
    graph.nodes().forEach(node -> spatial[node.id()] = isSpatial(node));
  }

  /**
   * Its name.
   *
   * @throws AttributionException if there is none
   */
  static Optional<String> of(AttributionRequest request) {
    Graph graph = request.graph(1);
    Node scored = Subject.scored(graph, request.target());
    return Optional.of(
        new DefaultLayer(graph)
            .before(scored)
            .orElseThrow(
                () ->
                    new AttributionException(
                        ("%s: model %s has no layer with spatial extent before %s; name one of"
                                + " shape [n, channels, extents…] to explain")
                            .formatted(
                                request.method(), request.model().name(), scored.describe()))));
  }

  private Optional<String> before(Node scored) {
    boolean[] reaches = reaching(scored);
    return graph.layers().entrySet().stream()
        .filter(e -> e.getValue().id() < scored.id() && reaches[e.getValue().id()])
        .filter(e -> spatial[e.getValue().id()] && places(e.getValue()) > 1)
        .reduce((first, second) -> first.getValue().id() > second.getValue().id() ? first : second)
        .map(e -> e.getKey());
  }

  private boolean[] reaching(Node scored) {
    boolean[] reaches = new boolean[graph.nodes().size()];
    reaches[scored.id()] = true;
    for (Node node : graph.nodes().reversed()) {
      if (reaches[node.id()]) {
        node.inputs().forEach(in -> reaches[in] = true);
      }
    }
    return reaches;
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
