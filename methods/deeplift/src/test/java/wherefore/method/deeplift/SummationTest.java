package wherefore.method.deeplift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.compute.ComputeBackend;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Prune;
import wherefore.graph.Value;
import wherefore.graph.Widening;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.RandomGraphs;
import wherefore.testkit.Run;
import wherefore.testkit.TestModels;

/** Σ m Δx = Δf for random graphs over the whole vocabulary, every rule, two backends. */
class SummationTest {
  static Stream<ComputeBackend> backends() {
    return ServiceLoader.load(ComputeBackend.class).stream().map(ServiceLoader.Provider::get);
  }

  static LongStream seeds() {
    return RandomGraphs.seeds(300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void holds(long seed) {
    RandomGraphs.Example example = RandomGraphs.any(seed);
    for (Rule rule : Rule.values()) {
      for (ComputeBackend backend : backends().toList()) {
        boolean reference = backend.info().id().equals("reference");
        holds(seed, example, rule, backend, reference);
      }
    }
  }

  private static void holds(
      long seed, RandomGraphs.Example example, Rule rule, ComputeBackend backend, boolean wide) {
    Graph one = only(example.graph(), wide);
    Map<String, Tensor> feeds = new HashMap<>();
    Graph graph = explained(one, rule, example.feeds(), seed, feeds);
    Map<String, Tensor> outputs = Run.graph(backend, graph, feeds);
    double change = Run.get(outputs, "at").get(0) - Run.get(outputs, "from").get(0);
    double sum = 0;
    double magnitude = Math.abs(Run.get(outputs, "at").get(0)) + Math.abs(change);
    for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
      if (output.getKey().startsWith("share:")) {
        for (double share : output.getValue().toDoubles()) {
          sum += share;
          magnitude += Math.abs(share);
        }
      }
    }
    String what =
        "seed %d (-Dwherefore.seed), %s, backend %s".formatted(seed, rule, backend.info().id());
    assertEquals(change, sum, (wide ? 1e-10 : 1e-5) * magnitude, what);
  }

  /** With the first output alone, in float64 if so wished. */
  private static Graph only(Graph graph, boolean wide) {
    GraphBuilder b = new GraphBuilder();
    Inlined copies = b.inline(graph, Map.of());
    b.output("y", copies.of(graph.node(graph.outputs().getOrDefault("y", 0))));
    Graph first = new Prune().apply(b.build());
    return wide ? Widening.widen(first) : first;
  }

  private static Graph explained(
      Graph network, Rule rule, Map<String, Tensor> fed, long seed, Map<String, Tensor> feeds) {
    GraphBuilder b = new GraphBuilder();
    Map<Integer, Value> at = new HashMap<>();
    Map<Integer, Value> from = new HashMap<>();
    List<Value> inputs = new ArrayList<>();
    List<Value> references = new ArrayList<>();
    for (Node node : network.nodes()) {
      if (node.op() instanceof Leaf.Input input && node.type().element().isFloating()) {
        at.put(node.id(), b.input("at:" + input.name(), node.type().element(), node.shape()));
        from.put(node.id(), b.input("from:" + input.name(), node.type().element(), node.shape()));
        inputs.add(at.get(node.id()));
        references.add(from.get(node.id()));
        Tensor x = Run.get(fed, input.name());
        feeds.put("at:" + input.name(), x);
        feeds.put(
            "from:" + input.name(),
            TestModels.normal(new SplittableRandom(seed), node.shape(), 1).to(x.type()));
      } else if (node.op() instanceof Leaf.Input input) {
        Value same = b.input(input.name(), node.type().element(), node.shape());
        at.put(node.id(), same);
        from.put(node.id(), same);
        feeds.put(input.name(), Run.get(fed, input.name()));
      }
    }
    Node last = network.node(network.outputs().firstEntry().getValue());
    Inlined here = b.inline(network, at);
    Inlined there = b.inline(network, from);
    Value atInput = total(here.of(last), seed);
    Value atReference = total(there.of(last), seed);
    Twins twins = new Twins(b, references, inputs);
    twins.pair(network, here, network, there);
    twins.complete(atReference);
    List<Value> multipliers =
        new Rules(b, twins, new Choice(rule, Maximum.CROSS)).multipliers(atReference, references);
    for (int i = 0; i < references.size(); i++) {
      b.output("share:" + i, b.mul(multipliers.get(i), twins.delta(references.get(i))));
    }
    return b.output("at", atInput).output("from", atReference).build();
  }

  /** Weighted, as sums of normalized values vanish. */
  private static Value total(Value y, long seed) {
    GraphBuilder b = y.builder();
    Tensor weights = TestModels.normal(new SplittableRandom(~seed), y.shape(), 1);
    List<Integer> axes = IntStream.range(0, y.shape().rank()).boxed().toList();
    Value weighted = b.mul(y, b.constant(weights.to(y.element())));
    return b.reshape(b.sum(weighted, axes), Shape.of(1));
  }
}
