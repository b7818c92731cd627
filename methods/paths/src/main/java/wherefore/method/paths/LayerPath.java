package wherefore.method.paths;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/**
 * What a layer h does while the inputs move on a straight leg x(α) of a path: ∂f_t/∂h, or that
 * times dh/dα.
 *
 * <p>dh/dα = J Δ is the derivative of ⟨v, dh/dα⟩ with respect to v, and ⟨v, dh/dα⟩ that of ⟨v, h⟩
 * with respect to α: two walks back, of which only what v reaches is computed.
 */
final class LayerPath implements Path {
  private static final String TANGENT = "wherefore.tangent/";

  private final Subject subject;
  private final StraightPath straight;
  private final boolean conducts;
  private final double factor;

  /**
   * @param leg of the sources' path
   * @param conducts true for ∂f_t/∂h ⊙ dh/dα, false for ∂f_t/∂h
   */
  LayerPath(Subject subject, Leg leg, boolean conducts) {
    this.subject = subject;
    this.straight = new StraightPath(subject, subject.sources(), leg);
    this.factor = conducts ? 1 : leg.share();
    this.conducts = conducts;
  }

  /** The same everywhere: the steps are in the integrand. */
  @Override
  public List<Tensor> deltas() {
    return subject.variables().stream()
        .map(v -> Tensor.full(ElementType.FLOAT64, v.value().shape(), factor))
        .toList();
  }

  @Override
  public Rows at(double[] alphas) {
    return straight.at(alphas);
  }

  @Override
  public Graph function(int rows) {
    return straight.function(rows);
  }

  @Override
  public Program integrand() {
    return new Program(this::graph);
  }

  private Graph graph(int rows) {
    GraphBuilder b = new GraphBuilder();
    SequencedMap<String, Value> points = straight.points(b, rows);
    Subject.Trace trace = subject.trace(b, rows, points);
    List<Value> layers = new ArrayList<>();
    for (Variable v : subject.variables()) {
      Value point = points.get(v.name());
      Graph network = subject.graph(rows);
      layers.add(point != null ? point : trace.network().of(network.layer(v.name())));
    }
    List<Value> gradients = trace.arriving(layers, Vjp.book());
    b.output(Subject.TARGET, trace.target());
    for (int i = 0; i < layers.size(); i++) {
      String name = subject.variables().get(i).name();
      Value g = gradients.get(i);
      b.output(name, conducts ? b.mul(g, along(name, layers.get(i), rows)) : g);
    }
    return b.build();
  }

  /** dh/dα at each row. The origin sets v apart from all other zeros. */
  private Value along(String name, Value h, int rows) {
    GraphBuilder b = h.builder();
    String origin = b.origin();
    Value v = b.at(TANGENT + name).expand(b.number(0, h), h.shape());
    b.at(origin);
    Value alpha = straight.alpha(b, rows);
    Value product = Backward.run(b, Map.of(h, v), List.of(alpha), Vjp.book()).get(0);
    Value one = b.expand(b.number(1, product), product.shape());
    return Backward.run(b, Map.of(product, one), List.of(v), Vjp.book()).get(0);
  }

  /**
   * Whether f_t depends on the sources through the variables alone, so that their conductance sums
   * to its change.
   */
  static boolean isCut(Subject subject) {
    Graph graph = subject.graph(1);
    boolean[] around = new boolean[graph.nodes().size()];
    List<String> cut = subject.variables().stream().map(Variable::name).toList();
    List<String> sources = subject.sources().stream().map(Variable::name).toList();
    for (Node node : graph.nodes()) {
      String name =
          node.op() instanceof Leaf.Input input
              ? input.name()
              : graph.layers().get(node.origin()) == node ? node.origin() : "";
      around[node.id()] =
          !cut.contains(name)
              && (sources.contains(name) || node.inputs().stream().anyMatch(in -> around[in]));
    }
    return !around[Subject.scored(graph, subject.target()).id()];
  }
}
