package wherefore.method.attention;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wherefore.attribution.Evaluator;
import wherefore.attribution.GaussLegendre;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/**
 * Integrated gradients by Gauss and Legendre's quadrature on the straight path, the mean over the
 * baselines.
 *
 * @param values for each variable in order
 * @param steps gradients used, over all baselines
 * @param atBaseline f(x'), the mean over the baselines
 */
record PathSums(List<double[]> values, int steps, double atBaseline) {
  static PathSums of(Evaluator evaluator, int steps) {
    Subject subject = evaluator.subject();
    List<Variable> variables = subject.variables();
    List<double[]> values = variables.stream().map(v -> new double[v.value().size()]).toList();
    int baselines = variables.stream().mapToInt(Variable::baselines).max().orElse(1);
    GaussLegendre rule = GaussLegendre.of(steps);
    for (int k = 0; k < baselines; k++) {
      int from = k;
      List<Tensor> deltas =
          variables.stream().map(v -> v.value().zip(v.baseline(from), (x, y) -> x - y)).toList();
      Map<String, Tensor> sums =
          evaluator.sum(subject.gradient(), points(variables, k, rule.alphas()), rule.weights());
      for (int v = 0; v < values.size(); v++) {
        double[] gradient = variables.get(v).in(sums).toDoubles();
        for (int e = 0; e < gradient.length; e++) {
          values.get(v)[e] += deltas.get(v).get(e) * gradient[e] / baselines;
        }
      }
    }
    return new PathSums(values, steps * baselines, atBaselines(evaluator, baselines));
  }

  /** x' + α(x − x') for each α. */
  private static Rows points(List<Variable> variables, int baseline, double[] alphas) {
    return new Rows(
        alphas.length,
        (first, end) -> {
          Map<String, Tensor> feeds = new HashMap<>();
          for (Variable v : variables) {
            List<Tensor> rows = new ArrayList<>();
            for (int row = first; row < end; row++) {
              double alpha = alphas[row];
              rows.add(v.baseline(baseline).zip(v.value(), (y, x) -> y + alpha * (x - y)));
            }
            feeds.put(v.name(), Tensor.concatRows(rows).to(v.value().type()));
          }
          return feeds;
        },
        Map.of());
  }

  private static double atBaselines(Evaluator evaluator, int baselines) {
    Map<String, Tensor> rows = new LinkedHashMap<>();
    for (Variable v : evaluator.subject().variables()) {
      rows.put(v.name(), v.baseline().to(v.value().type()));
    }
    Tensor f = Subject.target(evaluator.map(evaluator.subject().forward(), Rows.of(rows)));
    double sum = 0;
    for (double each : f.toDoubles()) {
      sum += each;
    }
    return sum / baselines;
  }

  double sum() {
    double sum = 0;
    for (double[] each : values) {
      for (double v : each) {
        sum += v;
      }
    }
    return sum;
  }
}
