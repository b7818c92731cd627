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
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.propagate.Vjp;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * The path x' + α(x − x') from one of the variables' baselines to the input, as a graph that is fed
 * with α alone: a backend can see that the path is affine.
 */
final class StraightPath {
  private static final String ALPHA = "wherefore.alpha";
  private static final String FROM = "wherefore.from:";
  private static final String DELTA = "wherefore.delta:";

  private final Subject subject;
  private final int baseline;
  private final List<Tensor> deltas;

  /**
   * @param baseline which of the variables' baselines
   */
  StraightPath(Subject subject, int baseline) {
    this.subject = subject;
    this.baseline = baseline;
    this.deltas =
        subject.variables().stream()
            .map(v -> v.value().zip(v.baseline(baseline), (x, from) -> x - from))
            .toList();
  }

  /** Δ = x − x', for each variable in order, float64. */
  List<Tensor> deltas() {
    return deltas;
  }

  /** At each α f_t under {@link Subject#TARGET}, and for each variable the gradient there. */
  Program gradients() {
    return subject.propagated(this::points, Vjp.book());
  }

  private SequencedMap<String, Value> points(GraphBuilder b, int rows) {
    SequencedMap<String, Value> points = new LinkedHashMap<>();
    subject
        .inputs(new GraphBuilder(), rows)
        .forEach((name, like) -> points.put(name, point(b, name, like)));
    return points;
  }

  private static Value point(GraphBuilder b, String name, Value like) {
    Shape one = like.shape().with(0, 1);
    int[] column = new int[like.shape().rank()];
    Arrays.fill(column, 1);
    Value alpha = b.input(ALPHA, like.element(), Shape.of(like.shape().dim(0)));
    Value from = b.input(FROM + name, like.element(), one);
    Value delta = b.input(DELTA + name, like.element(), one);
    Value scale = b.reshape(alpha, Shape.of(column).with(0, like.shape().dim(0)));
    return b.add(from, b.mul(scale, delta));
  }

  /** What the path's program is fed with at these α. */
  Rows at(double[] alphas) {
    Map<String, Tensor> shared = new HashMap<>();
    int i = 0;
    for (Variable v : subject.variables()) {
      shared.put(FROM + v.name(), v.baseline(baseline));
      shared.put(DELTA + v.name(), deltas.get(i++));
    }
    return Rows.of(Map.of(ALPHA, Tensor.of(Shape.of(alphas.length), alphas))).with(shared);
  }
}
