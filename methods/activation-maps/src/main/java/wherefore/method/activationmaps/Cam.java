package wherefore.method.activationmaps;

import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.MapLayer;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Subject;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.graph.Window;

/**
 * Class activation mapping.
 *
 * <p>Question: which places of the last convolution does the target's weighted mean come from?
 * Formula: where f_t = Σ_c w_c mean(A_c) + b, by global average pooling and one dense layer, map =
 * ReLU(Σ_c w_c A_c); the places' mean without ReLU is f_t − b. Refuses networks of another form.
 * Shape: the input's with one channel, or the layer's; unit: the target's. Cost: F + B behind the
 * layer. Source: Zhou et al. 2016, who leave the ReLU out ({@code relu=false}).
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "cam")
public final class Cam extends GradientMap {
  /** The method. */
  public Cam() {
    super(
        "cam",
        "Which places of the layer does the target's weighted mean over the places come from?",
        "Zhou et al. 2016, arXiv:1512.04150");
  }

  /** The gradient's sum over the places is w_c. */
  @Override
  Value map(MapLayer layer, Value a, Value g) {
    return layer.overChannels(layer.overPlaces(g), a);
  }

  @Override
  void check(AttributionRequest request, MapLayer layer) {
    new Head(request, layer).check();
  }

  /** Walks from the layer to the scores, and finds a mean over the places and one dense layer. */
  private static final class Head {
    private final AttributionRequest request;
    private final MapLayer layer;
    private final Graph graph;
    private final boolean[] from;
    private boolean pooled;
    private boolean weighted;

    Head(AttributionRequest request, MapLayer layer) {
      this.request = request;
      this.layer = layer;
      this.graph = layer.graph();
      this.from = new boolean[graph.nodes().size()];
      from[layer.node().id()] = true;
    }

    void check() {
      Node scored = Subject.scored(graph, request.target());
      boolean[] to = new boolean[scored.id() + 1];
      to[scored.id()] = true;
      for (int id = scored.id(); id > layer.node().id(); id--) {
        if (to[id]) {
          graph.node(id).inputs().forEach(in -> to[in] = true);
        }
      }
      for (int id = layer.node().id() + 1; id <= scored.id(); id++) {
        Node node = graph.node(id);
        from[id] = node.inputs().stream().anyMatch(in -> from[in]);
        if (from[id] && to[id] && !takes(node)) {
          throw refused(node);
        }
      }
      if (!pooled || !weighted) {
        throw refused(scored);
      }
    }

    private AttributionException refused(Node node) {
      return new AttributionException(
          ("cam: behind layer %s comes %s; cam needs global average pooling and one dense layer"
                  + " there; grad-cam takes any")
              .formatted(layer.name(), node.describe()));
    }

    private boolean takes(Node node) {
      return switch (node.op()) {
        case Composite.ReduceMean r -> pools(r.axes().containsAll(layer.axes()));
        case Composite.AveragePool p -> pools(isGlobal(p.window(), node));
        case Primitive.Reshape r -> pooled;
        case Primitive.Transpose t -> pooled;
        case Composite.Gemm g -> weighs(node);
        case Primitive.MatMul m -> weighs(node);
        case Primitive.Conv c -> weighs(node);
        case Primitive.Binary f -> weighted && f.function() == BinaryFunction.ADD && biases(node);
        default -> false;
      };
    }

    private boolean pools(boolean global) {
      boolean first = !pooled && !weighted;
      pooled = true;
      return first && global;
    }

    /** Whether each place counts alike: one window, over all of them and nothing else. */
    private boolean isGlobal(Window window, Node node) {
      return node.inputs().get(0) == layer.node().id()
          && !window.isPadded()
          && IntStream.range(0, window.rank())
              .allMatch(a -> window.kernel().get(a) == layer.shape().dim(a + 2));
    }

    private boolean weighs(Node node) {
      boolean first = pooled && !weighted;
      weighted = true;
      return first && node.inputs().stream().skip(1).noneMatch(in -> from[in]);
    }

    private boolean biases(Node node) {
      return node.inputs().stream().filter(in -> from[in]).count() == 1
          && node.inputs().stream().allMatch(in -> from[in] || isConstant(in));
    }

    private boolean isConstant(int id) {
      Node node = graph.node(id);
      return !(node.op() instanceof Leaf.Input)
          && node.inputs().stream().allMatch(this::isConstant);
    }
  }
}
