package wherefore.backend.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.compute.ComputeBackend;
import wherefore.graph.Batch;
import wherefore.graph.ExpandLate;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.InterpolateLate;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Prune;
import wherefore.graph.Rewrite;
import wherefore.graph.Stages;
import wherefore.graph.SumEarly;
import wherefore.graph.Value;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Closeness;
import wherefore.testkit.Data;
import wherefore.testkit.RandomGraphs;
import wherefore.testkit.Run;

/** Rewrites change no function, whatever the graph: random ones over the whole vocabulary. */
class RewritesTest {
  private static final ComputeBackend BACKEND = new ReferenceBackend();
  private static final String ALPHA = "alpha";

  static LongStream seeds() {
    return RandomGraphs.seeds(400);
  }

  /** A random graph, one of whose inputs lies on a straight path; with the gradient there. */
  private static RandomGraphs.Example path(long seed) {
    RandomGraphs.Example random = RandomGraphs.example(seed);
    Map<String, Tensor> feeds = new HashMap<>(random.feeds());
    Tensor x = Run.get(feeds, "x0");
    int rows = x.shape().dim(0);
    Data data = new Data(seed);
    GraphBuilder b = new GraphBuilder();
    Value alpha = b.input(ALPHA, x.type(), Shape.of(rows));
    Value from = b.input("from", x.type(), x.shape().with(0, 1));
    Value delta = b.input("delta", x.type(), x.shape().with(0, 1));
    Value point = b.add(from, b.mul(b.reshape(alpha, column(x.shape().rank(), rows)), delta));
    Inlined copies = b.inline(random.graph(), Map.of(input(random.graph(), "x0").id(), point));
    Value y = copies.of(random.graph().output("y"));
    Value z = copies.of(random.graph().output("z"));
    b.output("y", y).output("z", z);
    Value ones = b.expand(b.number(1, y), y.shape());
    Value gradient = Backward.run(b, Map.of(y, ones), List.of(point), Vjp.book()).get(0);
    b.at("").output("gradient", SumEarly.sum(b, gradient));
    if (z.shape().rank() > 0 && z.shape().dim(0) == rows && z.element().isFloating()) {
      b.output("sum", SumEarly.sum(b, z));
    }
    feeds.remove("x0");
    feeds.put(ALPHA, data.uniform(0, 1, rows));
    feeds.put("from", data.normal(from.shape().dims()));
    feeds.put("delta", data.normal(delta.shape().dims()));
    feeds.put(SumEarly.WEIGHTS, data.uniform(0, 1, rows));
    return new RandomGraphs.Example(new Prune().apply(b.build()), feeds);
  }

  private static Shape column(int rank, int rows) {
    int[] dims = new int[rank];
    Arrays.fill(dims, 1);
    return Shape.of(dims).with(0, rows);
  }

  private static Node input(Graph graph, String name) {
    return graph.nodes().stream()
        .filter(n -> n.op() instanceof Leaf.Input i && i.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Batch batch(RandomGraphs.Example path) {
    int rows = Run.get(path.feeds(), ALPHA).size();
    return new Batch(rows, 1_000_000, Set.of(ALPHA, SumEarly.WEIGHTS));
  }

  private static void assertAgree(
      Map<String, Tensor> expected, Map<String, Tensor> actual, String what) {
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach(
        (name, value) -> {
          double largest = Arrays.stream(value.toDoubles()).map(Math::abs).max().orElse(0);
          Closeness.assertClose(
              value, Run.get(actual, name), 1e-10, 1e-11 * (1 + largest), what + ", " + name);
        });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aRewriteLeavesTheFunctionAsItIs(long seed) {
    RandomGraphs.Example path = path(seed);
    Map<String, Tensor> expected = Run.graph(BACKEND, path.graph(), path.feeds());
    Batch batch = batch(path);
    List<Rewrite> rewrites =
        List.of(new ExpandLate(batch), new InterpolateLate(batch), new SumEarly(batch));
    for (Rewrite rewrite : rewrites) {
      Graph alone = Rewrite.all(path.graph(), List.of(rewrite));
      Map<String, Tensor> actual = Run.graph(BACKEND, alone, path.feeds());
      assertAgree(expected, actual, "seed " + seed + ", " + rewrite.name());
    }
    Graph all = Rewrite.all(path.graph(), rewrites);
    assertAgree(expected, Run.graph(BACKEND, all, path.feeds()), "seed " + seed + ", all");
    assertAgree(expected, staged(all, batch, path.feeds()), "seed " + seed + ", stages");
  }

  /** The test above would say nothing if there were nothing to do. */
  @Test
  void eachHasMuchToDo() {
    Map<String, Integer> changed = new TreeMap<>();
    LongStream.range(0, 400)
        .mapToObj(RewritesTest::path)
        .forEach(
            path -> {
              Batch batch = batch(path);
              for (Rewrite rewrite :
                  List.of(new ExpandLate(batch), new InterpolateLate(batch), new SumEarly(batch))) {
                int one = rewrite.apply(path.graph()) == path.graph() ? 0 : 1;
                changed.merge(rewrite.name(), one, Integer::sum);
              }
            });
    changed.forEach((name, count) -> assertTrue(count > 40, changed::toString));
  }

  /** As an evaluator runs it, in one batch. */
  private static Map<String, Tensor> staged(Graph graph, Batch batch, Map<String, Tensor> fed) {
    Stages stages = Stages.of(graph, batch, true);
    Map<String, Tensor> feeds = new HashMap<>(fed);
    feeds.putAll(Run.graph(BACKEND, stages.once(), feeds));
    stages
        .sums()
        .forEach((name, type) -> feeds.put(name, Tensor.zeros(type.element(), type.shape())));
    Map<String, Tensor> each = Run.graph(BACKEND, stages.each(), feeds);
    feeds.putAll(each);
    Map<String, Tensor> result = new LinkedHashMap<>(Run.graph(BACKEND, stages.last(), feeds));
    graph
        .outputs()
        .keySet()
        .forEach(name -> result.computeIfAbsent(name, n -> output(graph, n, each, fed)));
    return result;
  }

  /** An output of rows; a sum that has stayed one is added up here. */
  private static Tensor output(
      Graph graph, String name, Map<String, Tensor> each, Map<String, Tensor> fed) {
    Tensor rows = Run.get(each, name);
    Shape shape = graph.output(name).shape();
    if (rows.shape().equals(shape) && !name.equals("gradient") && !name.equals("sum")) {
      return rows;
    }
    assertTrue(rows.shape().dim(0) == Run.get(fed, ALPHA).size(), name + " " + rows.shape());
    double[] sum = new double[shape.size()];
    for (int k = 0; k < rows.shape().dim(0); k++) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += Run.get(fed, SumEarly.WEIGHTS).get(k) * rows.get(k * sum.length + i);
      }
    }
    return Tensor.of(shape, sum);
  }
}
