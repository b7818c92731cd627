package wherefore.method.causal;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Program;
import wherefore.attribution.Subject;
import wherefore.attribution.Target;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * By how much a decision falls one way: m &gt; 0 if it does. Of several scores, m = s_c − the
 * largest of the others, for the class c that is asked about; of a single score, m = s − threshold.
 */
final class Decision {
  private static final String MARGIN = "wherefore.margin";
  private static final String SCORES = "wherefore.scores";
  private static final double NEVER = -1e30;

  private final Subject subject;
  private final Layout layout;
  private final OptionalInt wanted;
  private final double threshold;

  /**
   * What it is at some points.
   *
   * @param margins m
   * @param gradients ∂m/∂x, or empty if they were not asked for
   * @param outputs the request's target
   * @param classes the place of the largest score
   */
  record Points(double[] margins, List<double[]> gradients, double[] outputs, int[] classes) {}

  /**
   * @param wanted the class that is asked about, or empty for the request's target
   * @param threshold of a single score
   */
  Decision(Subject subject, Layout layout, OptionalInt wanted, double threshold) {
    this.subject = subject;
    this.layout = layout;
    this.wanted = wanted;
    this.threshold = threshold;
  }

  /** Evaluates at some points. */
  Points at(Evaluator evaluator, List<double[]> points, boolean withGradients) {
    Map<String, Tensor> out = evaluator.map(program(withGradients), layout.rows(points));
    Tensor scores = Objects.requireNonNull(out.get(SCORES));
    List<double[]> gradients =
        withGradients
            ? IntStream.range(0, points.size()).mapToObj(k -> layout.row(out, k)).toList()
            : List.of();
    return new Points(
        Objects.requireNonNull(out.get(MARGIN)).toDoubles(),
        gradients,
        Subject.target(out).toDoubles(),
        largest(scores));
  }

  private static int[] largest(Tensor scores) {
    int width = scores.shape().dim(1);
    int[] places = new int[scores.shape().dim(0)];
    for (int i = 0; i < scores.size(); i++) {
      int row = i / width;
      places[row] = scores.get(i) > scores.get(row * width + places[row]) ? i % width : places[row];
    }
    return places;
  }

  private Program program(boolean withGradients) {
    return new Program(
        rows -> {
          GraphBuilder b = new GraphBuilder();
          SequencedMap<String, Value> points = subject.inputs(b, rows);
          Subject.Trace trace = subject.trace(b, rows, points);
          Shape shape = trace.scores().shape();
          Value scores = b.reshape(trace.scores(), Shape.of(rows, shape.size() / rows));
          Value margin = margin(b, scores, asked(shape));
          b.output(MARGIN, margin).output(SCORES, scores).output(Subject.TARGET, trace.target());
          if (withGradients) {
            Value one = b.expand(b.number(1, margin), margin.shape());
            List<Value> asked = List.copyOf(points.values());
            List<Value> gradients = Backward.run(b, Map.of(margin, one), asked, Vjp.book());
            int i = 0;
            for (String name : points.keySet()) {
              b.output(name, gradients.get(i++));
            }
          }
          return b.build();
        });
  }

  private Value margin(GraphBuilder b, Value scores, int asked) {
    int rows = scores.shape().dim(0);
    int width = scores.shape().dim(1);
    Value own = b.slice(scores, 1, asked, asked + 1);
    if (width == 1) {
      return b.reshape(b.add(own, -threshold), Shape.of(rows));
    }
    boolean[] mask = new boolean[width];
    mask[asked] = true;
    Value here = b.constant(Tensor.of(Shape.of(1, width), mask));
    Value others = b.max(b.where(here, b.number(NEVER, scores), scores), List.of(1));
    return b.reshape(b.sub(own, others), Shape.of(rows));
  }

  /** The place of the class asked about in a row of scores. */
  private int asked(Shape scores) {
    int width = scores.axes(1, scores.rank()).size();
    if (wanted.isPresent() && (width == 1 || wanted.getAsInt() >= width)) {
      throw new AttributionException(
          width == 1
              ? "counterfactual: option towards names a class, and the model has a single output;"
                  + " leave it out, and name a threshold"
              : "counterfactual: option towards is %d; the output has places 0 to %d"
                  .formatted(wanted.getAsInt(), width - 1));
    }
    return wanted.orElseGet(() -> flat(subject.target(), scores));
  }

  private static int flat(Target target, Shape scores) {
    if (!(target.choice() instanceof Target.Choice.Index index)) {
      throw new IllegalStateException("the target is not resolved: " + target);
    }
    int[] strides = scores.strides();
    int flat = 0;
    for (int axis = 1; axis < scores.rank(); axis++) {
      flat += index.place().get(axis - 1) * strides[axis];
    }
    return flat;
  }
}
