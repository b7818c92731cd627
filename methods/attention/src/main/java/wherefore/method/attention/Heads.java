package wherefore.method.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Program;
import wherefore.attribution.Subject;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.propagate.Vjp;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A layer's attention at the request's input.
 *
 * @param layer its name, or empty
 * @param weights [heads][queries · keys], each row of keys sums to 1
 * @param gradients of the target by the weights, of the same form; empty if not asked for
 * @param queries how many
 * @param keys how many
 */
record Heads(
    String layer, List<double[]> weights, List<double[]> gradients, int queries, int keys) {
  private static final String WEIGHTS = "wherefore.weights/";
  private static final String SLOPES = "wherefore.slopes/";

  /** The attentions of all layers that the target depends on, in order. */
  static List<Heads> of(Evaluator evaluator, String method, boolean withGradients) {
    Subject subject = evaluator.subject();
    List<Node> found = Softmaxes.of(subject.graph(1), subject.model(), method);
    Map<String, Tensor> out =
        evaluator.map(program(subject, method, withGradients), subject.atInput());
    List<Heads> layers = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Tensor weights = out.get(WEIGHTS + i);
      if (weights != null) {
        Tensor slopes = withGradients ? Objects.requireNonNull(out.get(SLOPES + i)) : null;
        layers.add(heads(found.get(i).origin(), weights, slopes));
      }
    }
    if (layers.isEmpty()) {
      throw new AttributionException(
          "%s: target %s does not depend on any of the %d attentions of model %s"
              .formatted(method, subject.target(), found.size(), subject.model().name()));
    }
    return layers;
  }

  private static Program program(Subject subject, String method, boolean withGradients) {
    return new Program(
        rows -> {
          GraphBuilder b = new GraphBuilder();
          Subject.Trace trace = subject.trace(b, rows, subject.inputs(b, rows));
          List<Node> softmaxes = Softmaxes.of(subject.graph(rows), subject.model(), method);
          Map<Integer, Value> weights = new LinkedHashMap<>();
          for (int i = 0; i < softmaxes.size(); i++) {
            int number = i;
            trace.network().find(softmaxes.get(i)).ifPresent(v -> weights.put(number, v));
          }
          List<Value> slopes =
              withGradients ? trace.arriving(List.copyOf(weights.values()), Vjp.book()) : List.of();
          int k = 0;
          for (Map.Entry<Integer, Value> e : weights.entrySet()) {
            b.output(WEIGHTS + e.getKey(), byHead(b, e.getValue(), rows));
            if (withGradients) {
              b.output(SLOPES + e.getKey(), byHead(b, slopes.get(k++), rows));
            }
          }
          return b.output(Subject.TARGET, trace.target()).build();
        });
  }

  /** [rows, heads, queries, keys]; heads may lie along the first axis, behind the rows. */
  private static Value byHead(GraphBuilder b, Value weights, int rows) {
    Shape shape = weights.shape();
    int rank = shape.rank();
    int matrix = shape.dim(rank - 2) * shape.dim(rank - 1);
    int heads = shape.size() / rows / matrix;
    return b.reshape(weights, Shape.of(rows, heads, shape.dim(rank - 2), shape.dim(rank - 1)));
  }

  private static Heads heads(String layer, Tensor weights, @Nullable Tensor slopes) {
    int queries = weights.shape().dim(2);
    int keys = weights.shape().dim(3);
    return new Heads(
        layer,
        split(weights, queries * keys),
        slopes == null ? List.of() : split(slopes, queries * keys),
        queries,
        keys);
  }

  private static List<double[]> split(Tensor all, int size) {
    double[] values = all.toDoubles();
    List<double[]> parts = new ArrayList<>();
    for (int at = 0; at < values.length; at += size) {
      parts.add(Arrays.copyOfRange(values, at, at + size));
    }
    return parts;
  }

  /** The mean over the heads. */
  double[] mean() {
    double[] mean = new double[queries * keys];
    for (double[] head : weights) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += head[i] / weights.size();
      }
    }
    return mean;
  }

  /** The mean over the heads of (∂f_t/∂A ⊙ A)⁺. */
  double[] weighted() {
    double[] mean = new double[queries * keys];
    for (int h = 0; h < weights.size(); h++) {
      for (int i = 0; i < mean.length; i++) {
        mean[i] += Math.max(0, gradients.get(h)[i] * weights.get(h)[i]) / weights.size();
      }
    }
    return mean;
  }
}
