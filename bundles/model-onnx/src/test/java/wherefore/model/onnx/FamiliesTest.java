package wherefore.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.backend.cpu.CpuBackend;
import wherefore.backend.reference.ReferenceBackend;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.graph.Widening;
import wherefore.model.Model;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Closeness;
import wherefore.testkit.FiniteDifferences;
import wherefore.testkit.Run;

/**
 * Networks of the usual families: they load, take any batch, have the gradient that differences
 * have, and gradients along a straight path sum up to what the path changes.
 */
class FamiliesTest {
  private static final long SEED = Long.getLong("wherefore.seed", 20);
  private static final int STEPS = 4096;

  private static final CpuBackend CPU = new CpuBackend();

  @TempDir Path folder;

  static List<String> names() {
    System.out.println("replay with -Dwherefore.seed=" + SEED);
    return List.copyOf(Families.all(SEED).keySet());
  }

  private Model load(String name) throws IOException {
    return Objects.requireNonNull(Families.all(SEED).get(name), name).get().load(folder);
  }

  private static Tensor random(Shape shape, ElementType type, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = type == ElementType.INT64 ? random.nextInt(11) : random.nextGaussian();
    }
    return Tensor.of(shape, values).to(type);
  }

  private static Map<String, Tensor> feeds(Model model, int rows) {
    Map<String, Tensor> feeds = new LinkedHashMap<>();
    model
        .inputs()
        .forEach(
            port -> {
              int[] dims = port.axes().stream().mapToInt(a -> a.extent()).toArray();
              dims[0] = rows;
              feeds.put(port.name(), random(Shape.of(dims), port.element(), SEED + feeds.size()));
            });
    return feeds;
  }

  private static Map<String, Shape> shapes(Map<String, Tensor> feeds) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    feeds.forEach((name, value) -> shapes.put(name, value.shape()));
    return shapes;
  }

  /** The graph in float64, with the embedding in the tokens' place. */
  private static Graph floating(Model model, Map<String, Tensor> feeds) {
    return embedded(Widening.widen(model.graph(shapes(feeds))));
  }

  private static Graph embedded(Graph graph) {
    Optional<Node> embedding = Optional.ofNullable(graph.layers().get("/embedding/Gather"));
    if (embedding.isEmpty()) {
      return graph;
    }
    GraphBuilder b = new GraphBuilder();
    Node node = embedding.get();
    Value x = b.input("embedding", node.type().element(), node.shape());
    Inlined copies = b.inline(graph, Map.of(node.id(), x));
    return b.output("logits", copies.of(graph.output("logits"))).build();
  }

  private static Map<String, Tensor> floatingFeeds(Graph graph) {
    Map<String, Tensor> feeds = new LinkedHashMap<>();
    graph
        .inputs()
        .forEach(
            (name, type) ->
                feeds.put(name, random(type.shape(), type.element(), SEED + feeds.size())));
    return feeds;
  }

  @ParameterizedTest
  @MethodSource("names")
  void aBatchIsItsExamples(String name) throws IOException {
    Model model = load(name);
    assertTrue(model.isBatched(), () -> model.inputs().toString());
    String out = model.outputs().get(0).name();
    Map<String, Tensor> three = feeds(model, 3);
    Tensor all = Run.output(new ReferenceBackend(), model.graph(shapes(three)), three, out);
    Map<String, Tensor> second = new LinkedHashMap<>();
    three.forEach((port, value) -> second.put(port, value.rows(1, 2)));
    Tensor one = Run.output(new ReferenceBackend(), model.graph(shapes(second)), second, out);
    Closeness.assertClose(one, all.rows(1, 2), 1e-12, 1e-12, name);
  }

  @ParameterizedTest
  @MethodSource("names")
  void theGradientIsThatOfDifferences(String name) throws IOException {
    Model model = load(name);
    Graph graph = floating(model, feeds(model, 2));
    FiniteDifferences.Count count =
        FiniteDifferences.check(
            new ReferenceBackend(),
            graph,
            floatingFeeds(graph),
            model.outputs().get(0).name(),
            SEED);
    assertTrue(count.compared() >= 3, () -> name + ": " + count);
  }

  /** In float32: outputs, and gradients of a weighted sum of them. */
  @ParameterizedTest
  @MethodSource("names")
  void theCpuBackendAgrees(String name) throws IOException {
    Model model = load(name);
    String out = model.outputs().get(0).name();
    Map<String, Tensor> feeds = feeds(model, 3);
    Graph forward = model.graph(shapes(feeds));
    agree(forward, feeds, name);
    Graph narrow = embedded(forward);
    agree(gradient(narrow, out), floatingFeeds(narrow), name);
  }

  private static void agree(Graph graph, Map<String, Tensor> feeds, String name) {
    Map<String, Tensor> expected = Run.graph(new ReferenceBackend(), graph, feeds);
    Run.graph(CPU, graph, feeds)
        .forEach(
            (output, actual) ->
                Closeness.assertClose(
                    Run.get(expected, output), actual, 2e-4, 2e-5, name + " " + output));
  }

  /** Σ (x − 0) · mean gradient = f(x) − f(0): completeness of integrated gradients. */
  @ParameterizedTest
  @MethodSource("names")
  void gradientsAlongAPathSumUpToItsDifference(String name) throws IOException {
    Model model = load(name);
    String out = model.outputs().get(0).name();
    Graph graph = floating(model, feeds(model, STEPS));
    Map<String, Tensor> one = new LinkedHashMap<>();
    Map<String, Tensor> path = new LinkedHashMap<>();
    floatingFeeds(floating(model, feeds(model, 1)))
        .forEach(
            (input, x) -> {
              one.put(input, x);
              path.put(input, along(x));
            });
    Tensor ends =
        Run.output(new ReferenceBackend(), floating(model, feeds(model, 2)), ends(one), out);
    Map<String, Tensor> gradients = Run.graph(new ReferenceBackend(), gradient(graph, out), path);
    double sum = 0;
    for (Map.Entry<String, Tensor> input : one.entrySet()) {
      Tensor g = Run.get(gradients, input.getKey());
      for (int i = 0; i < g.size(); i++) {
        int size = input.getValue().size();
        sum += input.getValue().get(i % size) * g.get(i) * share(i / size);
      }
    }
    double difference = 0;
    int outputs = ends.size() / 2;
    for (int i = 0; i < outputs; i++) {
      difference += (ends.get(i) - ends.get(outputs + i)) * weight(i);
    }
    assertEquals(difference, sum, 3e-3 * Math.max(1, Math.abs(difference)), name);
  }

  /** What the outputs are added with. */
  private static double weight(int i) {
    return 1 + i % 3;
  }

  private static double middle(int step) {
    return (step + 0.5) / STEPS;
  }

  /** Where on the path a step is: close together at its start, where normalisations are steep. */
  private static double place(int step) {
    return Math.pow(middle(step), 3);
  }

  private static double share(int step) {
    return 3 * middle(step) * middle(step) / STEPS;
  }

  /** Points between zero and a value. */
  private static Tensor along(Tensor x) {
    double[] points = new double[STEPS * x.size()];
    for (int i = 0; i < points.length; i++) {
      points[i] = place(i / x.size()) * x.get(i % x.size());
    }
    return Tensor.of(x.shape().with(0, STEPS), points);
  }

  private static Map<String, Tensor> ends(Map<String, Tensor> one) {
    Map<String, Tensor> ends = new LinkedHashMap<>();
    one.forEach(
        (name, x) ->
            ends.put(name, Tensor.concatRows(List.of(x, Tensor.zeros(x.type(), x.shape())))));
    return ends;
  }

  private static Graph gradient(Graph graph, String out) {
    GraphBuilder b = new GraphBuilder();
    Inlined copies = b.inline(graph, Map.of());
    Value y = copies.of(graph.output(out));
    double[] seed = new double[y.shape().size()];
    int row = seed.length / y.shape().dim(0);
    for (int i = 0; i < seed.length; i++) {
      seed[i] = weight(i % row);
    }
    List<Node> inputs = graph.nodes().stream().filter(n -> n.op() instanceof Leaf.Input).toList();
    List<Value> gradients =
        Backward.run(
            b,
            Map.of(y, b.constant(Tensor.of(y.shape(), seed).to(y.element()))),
            inputs.stream().map(copies::of).toList(),
            Vjp.book());
    for (int i = 0; i < inputs.size(); i++) {
      b.output(((Leaf.Input) inputs.get(i).op()).name(), gradients.get(i));
    }
    return b.build();
  }
}
