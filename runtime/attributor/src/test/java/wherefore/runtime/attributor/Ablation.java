package wherefore.runtime.attributor;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Options;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/** f(x) − f(x with one element at its baseline), for each element of the first variable. */
public final class Ablation implements AttributionMethod<Options.None> {
  @Override
  public String id() {
    return "ablation";
  }

  @Override
  public Class<Options.None> options() {
    return Options.None.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo("?", Set.of(Need.FORWARD, Need.BASELINE), "(n + 1) × F", "none");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Options.None o, Evaluator evaluator) {
    Variable x = evaluator.subject().variables().get(0);
    int n = x.value().size();
    Rows rows = new Rows(n + 1, (from, to) -> Map.of(x.name(), without(x, from, to)), Map.of());
    double[] f =
        Objects.requireNonNull(
                evaluator.map(evaluator.subject().forward(), rows).get(Subject.TARGET))
            .toDoubles();
    double[] lost = new double[n];
    Arrays.setAll(lost, i -> f[n] - f[i]);
    return Attribution.of(Map.of(x.name(), Tensor.of(x.value().shape(), lost)));
  }

  /** Row k without element k; the last one is the input itself. */
  private static Tensor without(Variable x, int from, int to) {
    int n = x.value().size();
    double[] values = new double[(to - from) * n];
    for (int row = from; row < to; row++) {
      for (int i = 0; i < n; i++) {
        values[(row - from) * n + i] = (row == i ? x.baseline() : x.value()).get(i);
      }
    }
    return Tensor.of(x.value().shape().with(0, to - from), values).to(x.value().type());
  }
}
