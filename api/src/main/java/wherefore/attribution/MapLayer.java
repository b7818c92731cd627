package wherefore.attribution;

import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/**
 * The layer that a map is made from: [1, channels, extents…], a number for each channel and place.
 *
 * @param name the layer's
 * @param graph for one example
 * @param node that yields it
 */
public record MapLayer(String name, Graph graph, Node node) {
  /**
   * The request's layer.
   *
   * @throws AttributionException if it has no channels and places
   */
  public static MapLayer of(AttributionRequest request) {
    String name = request.to().orElseThrow();
    Graph graph = request.graph(1);
    Node node = graph.layer(name);
    if (node.shape().rank() < 3) {
      throw new AttributionException(
          "%s: layer %s yields %s; a map needs channels and places: [1, channels, extents…]"
              .formatted(request.method(), name, node.type()));
    }
    return new MapLayer(name, graph, node);
  }

  /** What it yields: [1, channels, extents…]. */
  public Shape shape() {
    return node.shape();
  }

  /** How many channels it has. */
  public int channels() {
    return shape().dim(1);
  }

  /** How many places a channel has. */
  public int places() {
    return shape().axes(2, shape().rank()).size();
  }

  /** The axes of the places. */
  public List<Integer> axes() {
    return IntStream.range(2, shape().rank()).boxed().toList();
  }

  /** Σ over the places of x [n, channels, extents…]: [n, channels, 1…]. */
  public Value overPlaces(Value x) {
    return x.builder().sum(x, axes());
  }

  /** Σ_c w_c A_c: [n, 1, extents…]. */
  public Value overChannels(Value weights, Value activations) {
    GraphBuilder b = activations.builder();
    return b.sum(b.mul(activations, weights), List.of(1));
  }
}
