package wherefore.method.paths;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Program;
import wherefore.attribution.Subject;
import wherefore.graph.Affinity;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.Lowering;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Where a piecewise-linear function bends on a leg.
 *
 * <p>Node by node, in the order of the graph: between neighbouring breakpoints so far, what goes
 * into a bending node is affine in α, so its values at both tell exactly where between them it
 * bends. Source: Sotoudeh, Thakur 2019, arXiv:1908.06214.
 */
final class Breakpoints {
  private static final String VALUES = "wherefore.values";
  private static final Lowering POOLS = Lowering.allBut(c -> !(c instanceof Composite.MaxPool));

  private final String method;
  private final Path path;
  private final Evaluator evaluator;
  private final int most;

  /**
   * @param method that is asked, for errors
   * @param most pieces allowed
   */
  Breakpoints(String method, Path path, Evaluator evaluator, int most) {
    this.method = method;
    this.path = path;
    this.evaluator = evaluator;
    this.most = most;
  }

  /** The breakpoints from 0 to 1, both included, in order. */
  double[] find() {
    TreeSet<Double> all = new TreeSet<>(List.of(0.0, 1.0));
    List<Node> bending = bending(function(1));
    for (int k = 0; k < bending.size(); k++) {
      all.addAll(passed(k, array(all)));
      if (all.size() - 1 > most) {
        throw tooMany(all.size() - 1, bending.get(k));
      }
    }
    return array(all);
  }

  private AttributionException tooMany(int pieces, Node node) {
    return new AttributionException(
        ("%s: quadrature exact finds %d pieces as far as %s; option steps allows %d; allow more, or"
                + " take another quadrature")
            .formatted(method, pieces, node.describe(), most));
  }

  private static double[] array(Set<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private Graph function(int rows) {
    return POOLS.apply(path.function(rows));
  }

  /** Where the k-th bending node bends. */
  private List<Double> passed(int k, double[] alphas) {
    List<Double> found = new ArrayList<>();
    Kink kink = kink(new GraphBuilder(), 1, k);
    double[][] before = new double[1][];
    evaluator.forEach(
        new Program(rows -> values(rows, k)),
        path.at(alphas),
        (row, outputs) -> {
          double[] here = values(outputs);
          if (row > 0) {
            between(kink, before[0], here, alphas[row - 1], alphas[row], found);
          }
          before[0] = here;
        });
    return found;
  }

  private static double[] values(Map<String, Tensor> outputs) {
    Tensor values = outputs.get(VALUES);
    if (values == null) {
      throw new IllegalStateException("the program has no output " + VALUES);
    }
    return values.toDoubles();
  }

  private static void between(
      Kink kink, double[] p, double[] q, double from, double to, List<Double> found) {
    for (int e = 0; e < p.length; e += kink.group()) {
      for (double threshold : kink.thresholds()) {
        Envelope.passes(p[e], q[e], threshold, s -> found.add(from + s * (to - from)));
      }
      if (kink.group() > 1) {
        Envelope.bends(p, q, e, e + kink.group(), s -> found.add(from + s * (to - from)));
      }
    }
  }

  private Graph values(int rows, int k) {
    GraphBuilder b = new GraphBuilder();
    Value value = kink(b, rows, k).value();
    Shape flat = Shape.of(rows, value.shape().size() / rows);
    return b.output(VALUES, b.reshape(value, flat)).build();
  }

  /** Where the k-th bending node bends, for so many points. */
  private Kink kink(GraphBuilder b, int rows, int k) {
    Graph graph = function(rows);
    Node node = bending(graph).get(k);
    Kink kink = kink(b, graph, node).orElseThrow();
    if (rows > 1) {
      Shape one = kink(new GraphBuilder(), 1, k).value().shape();
      if (one.rank() == 0 || !kink.value().shape().equals(one.with(0, rows * one.dim(0)))) {
        throw refusal(node, "mixes examples");
      }
    }
    return kink;
  }

  private static Optional<Kink> kink(GraphBuilder b, Graph graph, Node node) {
    SequencedMap<String, Integer> output = new LinkedHashMap<>();
    output.put(VALUES, node.id());
    Inlined copy = b.inline(new Graph(graph.nodes(), output), Map.of());
    List<Value> in = graph.operands(node).stream().map(copy::of).toList();
    BitSet varying = varying(graph);
    return Kink.of(b, node, in, place -> varying.get(node.inputs().get(place)));
  }

  private AttributionException refusal(Node node, String reason) {
    return new AttributionException(
        ("%s: quadrature exact takes models that are continuous and linear but for bends (relu,"
                + " leaky_relu, prelu, abs, min, max, clip, hard_sigmoid, max_pool), example by"
                + " example; %s %s; the other quadratures take it")
            .formatted(method, node.describe(), reason));
  }

  /** The nodes that are not affine in α and those before them. */
  private List<Node> bending(Graph graph) {
    List<Node> found = new ArrayList<>();
    Set<Integer> known = new HashSet<>(alpha(graph));
    int f = graph.output(Subject.TARGET).id();
    Optional<Node> next = Affinity.obstacle(graph, known, f);
    while (next.isPresent()) {
      Node node = next.get();
      if (kink(new GraphBuilder(), graph, node).isEmpty()) {
        throw refusal(node, Kink.obstacle(node));
      }
      found.add(node);
      known.add(node.id());
      next = Affinity.obstacle(graph, known, f);
    }
    return found;
  }

  private static List<Integer> alpha(Graph graph) {
    return graph.input(StraightPath.ALPHA).stream().map(Node::id).toList();
  }

  private static BitSet varying(Graph graph) {
    BitSet varying = new BitSet();
    alpha(graph).forEach(varying::set);
    for (Node node : graph.nodes()) {
      if (node.inputs().stream().anyMatch(varying::get)) {
        varying.set(node.id());
      }
    }
    return varying;
  }
}
