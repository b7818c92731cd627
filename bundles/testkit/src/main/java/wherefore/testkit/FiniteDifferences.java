package wherefore.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeBackend;
import wherefore.compute.Executable;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.graph.Widening;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/**
 * Compares {@link Vjp} with central differences (s(x + h) − s(x − h)) / 2h of s = Σ v · y, with
 * random v. Elements where the differences of two step widths disagree lie at a kink and are
 * counted, not compared: a wrong gradient makes both disagree with it, not with each other.
 */
public final class FiniteDifferences {
  private static final double STEP = 1e-5;
  private static final double TOLERANCE = 2e-6;
  private static final int ELEMENTS = 6;

  private final Executable forward;
  private final Tensor weights;
  private final Map<String, Tensor> feeds;
  private final Data data;
  private int compared;
  private int kinks;

  private FiniteDifferences(
      Executable forward, Tensor weights, Map<String, Tensor> feeds, Data data) {
    this.forward = forward;
    this.weights = weights;
    this.feeds = feeds;
    this.data = data;
  }

  /**
   * How many elements were compared, and how many lay at a kink.
   *
   * @param compared elements that agreed
   * @param kinks elements left out
   */
  public record Count(int compared, int kinks) {
    /** Both sums. */
    public Count plus(Count other) {
      return new Count(compared + other.compared, kinks + other.kinks);
    }
  }

  /**
   * Fails unless the gradient of an output by some elements of each floating input agrees.
   *
   * @param backend one that computes in float64
   * @param seed chooses v and the elements
   */
  public static Count check(
      ComputeBackend backend, Graph graph, Map<String, Tensor> feeds, String output, long seed) {
    Graph wide = Widening.widen(graph);
    Data data = new Data(seed);
    Tensor weights = data.normal(wide.output(output).shape().dims()).to(ElementType.FLOAT64);
    Map<String, Tensor> doubles = new LinkedHashMap<>();
    feeds.forEach(
        (name, t) -> doubles.put(name, t.type().isFloating() ? t.to(ElementType.FLOAT64) : t));
    Map<String, Tensor> gradients = Run.graph(backend, gradient(wide, output, weights), doubles);
    GraphBuilder b = new GraphBuilder();
    Inlined copies = b.inline(wide, Map.of());
    Graph alone = b.output("y", copies.of(wide.output(output))).build();
    try (Executable forward = backend.compile(alone)) {
      FiniteDifferences f = new FiniteDifferences(forward, weights, doubles, data);
      gradients.forEach(f::compare);
      return new Count(f.compared, f.kinks);
    }
  }

  private static Graph gradient(Graph graph, String output, Tensor weights) {
    GraphBuilder b = new GraphBuilder();
    Inlined copies = b.inline(graph, Map.of());
    Value y = copies.of(graph.output(output));
    List<String> names = new ArrayList<>();
    List<Value> asked = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf.Input input && node.type().element().isFloating()) {
        copies
            .find(node)
            .ifPresent(
                x -> {
                  names.add(input.name());
                  asked.add(x);
                });
      }
    }
    List<Value> gradients = Backward.run(b, Map.of(y, b.constant(weights)), asked, Vjp.book());
    for (int i = 0; i < names.size(); i++) {
      b.output(names.get(i), gradients.get(i));
    }
    return b.build();
  }

  private void compare(String name, Tensor gradient) {
    double largest = 1;
    for (double g : gradient.toDoubles()) {
      largest = Math.max(largest, Math.abs(g));
    }
    for (int i = 0; i < Math.min(ELEMENTS, gradient.size()); i++) {
      int element = gradient.size() <= ELEMENTS ? i : data.random().nextInt(gradient.size());
      compare(name, element, gradient.get(element), TOLERANCE * largest);
    }
  }

  private void compare(String name, int element, double gradient, double tolerance) {
    double wide = difference(name, element, STEP);
    double narrow = difference(name, element, STEP / 4);
    if (Math.abs(wide - narrow) > tolerance / 2) {
      kinks++;
    } else if (Math.abs(wide - gradient) <= tolerance) {
      compared++;
    } else {
      throw new AssertionError(
          "the gradient by element %d of %s is %s, differences are %s (tolerance %s)"
              .formatted(element, name, gradient, wide, tolerance));
    }
  }

  private double difference(String name, int element, double step) {
    return (sum(name, element, step) - sum(name, element, -step)) / (2 * step);
  }

  private double sum(String name, int element, double step) {
    Tensor x = Run.get(feeds, name);
    double[] moved = x.toDoubles();
    moved[element] += step;
    Map<String, Tensor> fed = new LinkedHashMap<>(feeds);
    fed.put(name, Tensor.of(x.shape(), moved));
    Tensor y = Run.get(forward.run(fed, Cancellation.NEVER), "y");
    double sum = 0;
    for (int i = 0; i < y.size(); i++) {
      sum += weights.get(i) * y.get(i);
    }
    return sum;
  }
}
