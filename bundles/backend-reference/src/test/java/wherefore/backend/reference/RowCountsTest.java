package wherefore.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import wherefore.compute.ComputeBackend;
import wherefore.graph.Batch;
import wherefore.graph.Composite;
import wherefore.graph.ExpandLate;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.InterpolateLate;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.Prune;
import wherefore.graph.Rewrite;
import wherefore.graph.Stages;
import wherefore.graph.SumEarly;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Closeness;
import wherefore.testkit.Data;
import wherefore.testkit.Run;

/** On how many rows a layer runs, before and after, for gradients summed along a path. */
class RowCountsTest {
  private static final ComputeBackend BACKEND = new ReferenceBackend();
  private static final int ROWS = 4;
  private static final int TOTAL = 200;

  private final Data data = new Data(7);
  private final Tensor first = data.normal(8, 3, 7, 7);
  private final Tensor second = data.normal(8, 8, 3, 3);
  private final Tensor vector = data.uniform(0.5, 1.5, 8);

  private static Value conv(GraphBuilder b, Value x, Tensor w, int stride) {
    int pad = w.shape().dim(2) / 2;
    Window window = Window.of(w.shape().dim(2), w.shape().dim(3)).strides(stride, stride);
    return b.apply(new Primitive.Conv(window.pads(pad, pad), 1), x, b.constant(w));
  }

  private Value normalized(GraphBuilder b, Value x) {
    Value v = b.constant(vector);
    return b.apply(new Composite.BatchNormalization(1e-5), x, v, v, v, v);
  }

  private static Value relu(GraphBuilder b, Value x) {
    return b.apply(new Composite.Relu(), x);
  }

  private Value head(GraphBuilder b, Value x) {
    return b.apply(new Composite.ReduceMean(List.of(1, 2, 3)), x);
  }

  /** A path's program: gradients at points between two images, summed. */
  private static Graph program(BiFunction<GraphBuilder, Value, Value> network) {
    GraphBuilder b = new GraphBuilder();
    ElementType f32 = ElementType.FLOAT32;
    Value alpha = b.input("alpha", f32, Shape.of(ROWS));
    Value from = b.input("from", f32, Shape.of(1, 3, 20, 20));
    Value delta = b.input("delta", f32, from.shape());
    Value point = b.add(from, b.mul(b.reshape(alpha, Shape.of(ROWS, 1, 1, 1)), delta));
    Value y = network.apply(b, point);
    Value one = b.expand(b.number(1, y), y.shape());
    Value gradient = Backward.run(b, Map.of(y, one), List.of(point), Vjp.book()).get(0);
    b.at("").output("x", SumEarly.sum(b, gradient));
    return new Prune().apply(b.build());
  }

  private static Graph rewritten(Graph graph) {
    Batch batch = batch();
    return Rewrite.all(
        graph, List.of(new ExpandLate(batch), new InterpolateLate(batch), new SumEarly(batch)));
  }

  private static Batch batch() {
    return new Batch(ROWS, TOTAL, Set.of("alpha", SumEarly.WEIGHTS));
  }

  /** The first extents of the convolutions, and of their adjoints, that touch an image. */
  private static List<Integer> rows(Graph graph, Class<?> op) {
    List<Integer> rows = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Shape image =
          op == Primitive.Conv.class && !node.inputs().isEmpty()
              ? graph.operands(node).get(0).shape()
              : node.shape();
      if (op.isInstance(node.op()) && image.dim(1) == 3) {
        rows.add(image.dim(0));
      }
    }
    return rows;
  }

  private void assertMoves(
      Graph before, List<Integer> forward, List<Integer> backward, int convolutions) {
    assertEquals(Set.of(ROWS), Set.copyOf(rows(before, Primitive.Conv.class)));
    Graph after = rewritten(before);
    assertEquals(forward, rows(after, Primitive.Conv.class), after::text);
    assertEquals(backward, rows(after, Primitive.ConvTranspose.class), after::text);
    Stages stages = Stages.of(after, batch(), true);
    long left = stages.each().nodes().stream().filter(n -> isConvolution(n)).count();
    assertEquals(convolutions, left, stages.each()::text);
    assertAgree(before, after);
  }

  private static boolean isConvolution(Node node) {
    return node.op() instanceof Primitive.Conv || node.op() instanceof Primitive.ConvTranspose;
  }

  private void assertAgree(Graph before, Graph after) {
    Map<String, Tensor> feeds = new HashMap<>();
    feeds.put("alpha", data.uniform(0, 1, ROWS));
    feeds.put("from", data.normal(1, 3, 20, 20));
    feeds.put("delta", data.normal(1, 3, 20, 20));
    feeds.put(SumEarly.WEIGHTS, data.uniform(0, 1, ROWS));
    Tensor expected = Run.output(BACKEND, before, feeds, "x");
    Closeness.assertClose(expected, Run.output(BACKEND, after, feeds, "x"), 1e-10, 1e-10, "x");
  }

  @Test
  void ofPlainLayers() {
    Graph graph =
        program(
            (b, x) -> {
              Value h = relu(b, conv(b, x, first, 1));
              h = b.apply(new Composite.MaxPool(Window.of(2, 2).strides(2, 2)), h);
              return head(b, relu(b, conv(b, h, second, 1)));
            });
    assertMoves(graph, List.of(1, 1), List.of(1), 2);
  }

  @Test
  void ofAResidualNetworkBehindPreprocessing() {
    Graph graph =
        program(
            (b, x) -> {
              Value scale = b.reshape(b.constant(data.uniform(1, 2, 3)), Shape.of(1, 3, 1, 1));
              Value image = b.div(b.add(x, -0.5), scale);
              image = b.pad(image, List.of(0, 0, 2, 2), List.of(0, 0, 2, 2), 0.25);
              Value h = relu(b, normalized(b, conv(b, image, first, 2)));
              Value r = relu(b, normalized(b, conv(b, h, second, 1)));
              return head(b, relu(b, b.add(h, normalized(b, conv(b, r, second, 1)))));
            });
    assertMoves(graph, List.of(1, 1), List.of(1), 4);
  }

  /** One layer for two images: each has its own base, slope and sum. */
  @Test
  void ofALayerThatIsUsedTwice() {
    Graph graph =
        program(
            (b, x) -> {
              Value other = b.apply(new Primitive.Reverse(List.of(3)), x);
              Value left = relu(b, conv(b, x, first, 1));
              Value right = relu(b, conv(b, other, first, 1));
              return head(b, b.mul(left, right));
            });
    assertMoves(graph, List.of(1, 1, 1, 1), List.of(1, 1), 0);
  }

  /** Two that start from one input: the images' gradients meet before they are summed. */
  @Test
  void ofAnInputThatSkipsAhead() {
    Graph graph =
        program(
            (b, x) -> {
              Value h = relu(b, conv(b, x, first, 1));
              Value skipped = b.unary(UnaryFunction.TANH, b.slice(x, 1, 0, 1));
              Value mean = b.apply(new Composite.ReduceMean(List.of(1, 2, 3)), b.mul(x, 0.1));
              return b.add(b.add(head(b, h), head(b, skipped)), mean);
            });
    assertMoves(graph, List.of(1, 1), List.of(1), 0);
  }

  @Test
  void ofANonlinearFirstLayer() {
    Graph graph =
        program(
            (b, x) -> {
              Value h = b.unary(UnaryFunction.TANH, x);
              return head(b, relu(b, conv(b, h, first, 1)));
            });
    assertMoves(graph, List.of(ROWS), List.of(ROWS), 2);
  }

  /** Nothing is gained where a layer costs less than what would be interpolated behind it. */
  @Test
  void ofALayerWithManyCheapChannels() {
    Tensor point = data.normal(8, 3, 1, 1);
    Graph graph = program((b, x) -> head(b, relu(b, conv(b, x, point, 1))));
    assertMoves(graph, List.of(ROWS), List.of(ROWS), 2);
  }

  /** A tower over what is the same for all rows runs on one of them. */
  @Test
  void ofWhatIsTheSameForAll() {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("alpha", ElementType.FLOAT32, Shape.of(ROWS, 8, 20, 20));
    Value other = b.input("from", ElementType.FLOAT32, Shape.of(1, 3, 20, 20));
    Value wide = b.expand(other, Shape.of(ROWS, 3, 20, 20));
    Value tower = relu(b, normalized(b, conv(b, wide, first, 1)));
    b.output("y", b.mul(x, tower));
    Graph before = new Prune().apply(b.build());
    Graph after = new ExpandLate(batch()).apply(before);
    assertEquals(List.of(ROWS), rows(before, Primitive.Conv.class));
    assertEquals(List.of(1), rows(after, Primitive.Conv.class));
    Map<String, Tensor> feeds = new LinkedHashMap<>();
    feeds.put("alpha", data.normal(ROWS, 8, 20, 20));
    feeds.put("from", data.normal(1, 3, 20, 20));
    assertEquals(Run.output(BACKEND, before, feeds, "y"), Run.output(BACKEND, after, feeds, "y"));
    Stages stages = Stages.of(after, batch(), true);
    assertEquals(1, stages.once().outputs().size());
    assertEquals(0, stages.each().nodes().stream().filter(n -> isConvolution(n)).count());
    assertEquals(0, stages.last().outputs().size());
    assertEquals(0, Stages.of(after, batch(), false).once().outputs().size());
  }

  /** As many steps as there are rows, each of them in its place, whatever the batch. */
  @Test
  void theRowsAreAddedInOrder() {
    Graph graph = program((b, x) -> head(b, relu(b, conv(b, x, first, 1))));
    Stages stages = Stages.of(rewritten(graph), batch(), true);
    assertEquals(List.of("wherefore.sum:0"), List.copyOf(stages.sums().keySet()));
    assertEquals(
        ElementType.FLOAT64, stages.sums().firstEntry().getValue().element(), stages.each()::text);
    assertEquals(
        List.of(),
        stages.each().nodes().stream()
            .filter(n -> n.op() instanceof Primitive.ReduceSum r && r.axes().contains(0))
            .toList());
    assertEquals(List.of("x"), List.copyOf(stages.last().outputs().keySet()));
  }
}
