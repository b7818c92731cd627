package wherefore.runtime.attributor;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/** The mean gradient over points between baseline and input; with one step, at the input. */
public final class Slope implements AttributionMethod<Slope.Steps> {
  /** How many points. */
  public record Steps(
      @Option(value = "Points.", byDefault = "1", min = 1, max = 100000) int steps) {}

  @Override
  public String id() {
    return "slope";
  }

  @Override
  public Class<Steps> options() {
    return Steps.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo("Which way is up?", Set.of(Need.GRAPH), "steps × (F + B)", "none");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Steps options, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    int n = options.steps();
    double[] weights = new double[n];
    Arrays.fill(weights, 1.0 / n);
    Rows rows = new Rows(n, (from, to) -> points(subject, from, to, n), Map.of());
    Map<String, Tensor> sums = evaluator.sum(subject.gradient(), rows, weights);
    Map<String, Tensor> values = new LinkedHashMap<>();
    for (Variable v : subject.variables()) {
      values.put(v.name(), v.in(sums));
    }
    return Attribution.of(values).fact("draw", evaluator.random("draw").nextDouble());
  }

  private static Map<String, Tensor> points(Subject subject, int from, int to, int n) {
    Map<String, Tensor> points = new LinkedHashMap<>();
    for (Variable v : subject.variables()) {
      double[] x = v.value().toDoubles();
      double[] x0 = v.baseline(0).toDoubles();
      double[] all = new double[(to - from) * x.length];
      for (int k = from; k < to; k++) {
        double alpha = (k + 1.0) / n;
        for (int i = 0; i < x.length; i++) {
          all[(k - from) * x.length + i] = x0[i] + alpha * (x[i] - x0[i]);
        }
      }
      Tensor rows = Tensor.of(v.value().shape().with(0, to - from), all);
      points.put(v.name(), rows.to(ElementType.FLOAT32));
    }
    return points;
  }
}
