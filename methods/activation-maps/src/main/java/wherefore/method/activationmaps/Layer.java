package wherefore.method.activationmaps;

import java.util.List;
import java.util.stream.IntStream;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
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
record Layer(String name, Graph graph, Node node) {
  /**
   * The request's layer.
   *
   * @throws AttributionException if it has no channels and places
   */
  static Layer of(AttributionRequest request) {
    String name = request.to().orElseThrow();
    Graph graph = request.graph(1);
    Node node = graph.layer(name);
    if (node.shape().rank() < 3) {
      throw new AttributionException(
          "%s: layer %s yields %s; a map needs channels and places: [1, channels, extents…]"
              .formatted(request.method(), name, node.type()));
    }
    return new Layer(name, graph, node);
  }

  Shape shape() {
    return node.shape();
  }

  int channels() {
    return shape().dim(1);
  }

  /** How many places a channel has. */
  int places() {
    return shape().axes(2, shape().rank()).size();
  }

  /** The axes of the places. */
  List<Integer> axes() {
    return IntStream.range(2, shape().rank()).boxed().toList();
  }

  /** Σ over the places of x [n, channels, extents…]: [n, channels, 1…]. */
  Value overPlaces(Value x) {
    return x.builder().sum(x, axes());
  }

  /** Σ_c w_c A_c: [n, 1, extents…]. */
  Value overChannels(Value weights, Value activations) {
    GraphBuilder b = activations.builder();
    return b.sum(b.mul(activations, weights), List.of(1));
  }
}
