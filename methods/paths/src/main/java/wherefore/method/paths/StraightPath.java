package wherefore.method.paths;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.propagate.Vjp;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A leg x' + α(x − x') of a path from a baseline x' to the input x, or between points on the way,
 * as a graph that is fed with α alone: a backend can see that it is affine.
 */
final class StraightPath implements Path {
  /** The input that is fed with α. */
  static final String ALPHA = "wherefore.alpha";

  private static final String FROM = "wherefore.from:";
  private static final String DELTA = "wherefore.delta:";

  private final Subject subject;
  private final List<Variable> moving;
  private final Leg leg;
  private final List<Tensor> deltas;

  /** The variables' types, as inputs of a graph of one row that is good for nothing else. */
  private final SequencedMap<String, Value> variables;

  /** A leg of the variables. */
  StraightPath(Subject subject, Leg leg) {
    this(subject, subject.variables(), leg);
  }

  /**
   * @param moving what moves: variables, or sources
   */
  StraightPath(Subject subject, List<Variable> moving, Leg leg) {
    this.subject = subject;
    this.moving = moving;
    this.leg = leg;
    this.deltas = leg.deltas();
    this.variables = subject.inputs(new GraphBuilder(), 1, moving);
  }

  /** Δ = x − x', for each variable in order, float64. */
  @Override
  public List<Tensor> deltas() {
    return deltas;
  }

  /** At each α f_t under {@link Subject#TARGET}, and for each variable the gradient there. */
  @Override
  public Program integrand() {
    return subject.propagated(this::points, Vjp.book());
  }

  @Override
  public Graph function(int rows) {
    GraphBuilder b = new GraphBuilder();
    Value f = subject.trace(b, rows, points(b, rows)).target();
    return b.output(Subject.TARGET, f).build();
  }

  /** The points for so many α, by variable. */
  SequencedMap<String, Value> points(GraphBuilder b, int rows) {
    SequencedMap<String, Value> points = new LinkedHashMap<>();
    variables.forEach((name, one) -> points.put(name, point(b, name, one, rows)));
    return points;
  }

  private static Value point(GraphBuilder b, String name, Value one, int rows) {
    int[] column = new int[one.shape().rank()];
    Arrays.fill(column, 1);
    Value alpha = alpha(b, one.element(), rows);
    Value from = b.input(FROM + name, one.element(), one.shape());
    Value delta = b.input(DELTA + name, one.element(), one.shape());
    return b.add(from, b.mul(b.reshape(alpha, Shape.of(column).with(0, rows)), delta));
  }

  /** The αs of the points, [rows]. */
  Value alpha(GraphBuilder b, int rows) {
    return alpha(b, variables.firstEntry().getValue().element(), rows);
  }

  private static Value alpha(GraphBuilder b, ElementType element, int rows) {
    return b.input(ALPHA, element, Shape.of(rows));
  }

  @Override
  public Rows at(double[] alphas) {
    Map<String, Tensor> shared = new HashMap<>();
    for (int i = 0; i < moving.size(); i++) {
      shared.put(FROM + moving.get(i).name(), leg.from().get(i));
      shared.put(DELTA + moving.get(i).name(), deltas.get(i));
    }
    return Rows.of(Map.of(ALPHA, Tensor.of(Shape.of(alphas.length), alphas))).with(shared);
  }
}
