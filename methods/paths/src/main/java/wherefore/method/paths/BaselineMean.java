package wherefore.method.paths;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Subject;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Mean and standard error of the attributions over several baselines, by Welford's update. */
final class BaselineMean {
  private final Subject subject;
  private final List<double[]> means = new ArrayList<>();
  private final List<double[]> squares = new ArrayList<>();
  private int count;
  private int points;
  private double spread;
  private boolean converged = true;

  BaselineMean(Subject subject) {
    this.subject = subject;
    subject.variables().forEach(v -> means.add(new double[v.value().size()]));
    subject.variables().forEach(v -> squares.add(new double[v.value().size()]));
  }

  /** Adds the attribution Δ ⊙ integral for one baseline. */
  void add(List<Tensor> deltas, PathIntegral integral) {
    count++;
    points += integral.points();
    spread = count == 1 ? integral.spread() : Math.max(spread, integral.spread());
    converged &= integral.converged();
    for (int v = 0; v < means.size(); v++) {
      double[] mean = means.get(v);
      double[] square = squares.get(v);
      for (int e = 0; e < mean.length; e++) {
        double value = deltas.get(v).get(e) * integral.gradients().get(v)[e];
        double away = value - mean[e];
        mean[e] += away / count;
        square[e] += away * (value - mean[e]);
      }
    }
  }

  /**
   * @param ends f_t at the input, then at each baseline
   * @param complete true if the mean's sum is the difference of both
   */
  Attribution attribution(double[] ends, IntegratedGradients.Settings options, boolean complete) {
    Attribution result = statistic(ends, options.over(), complete).fact("steps", points);
    result = result.fact("baselines", count);
    return options.quadrature() == Quadrature.ADAPTIVE
        ? result.fact("spread", spread).fact("converged", converged ? 1 : 0)
        : result;
  }

  /** As {@link #attribution}, without what is known of quadratures. */
  Attribution statistic(double[] ends, Over over, boolean complete) {
    double atBaseline = Arrays.stream(ends).skip(1).average().orElseThrow();
    if (over == Over.VARIANCE) {
      return variance().fact("output", ends[0]).fact("output-at-baseline", atBaseline);
    }
    Attribution mean = Attribution.of(tensors(means));
    Attribution result = mean.fact("output", ends[0]).fact("output-at-baseline", atBaseline);
    if (complete) {
      result = result.fact("residual", mean.sum() - (ends[0] - atBaseline));
    }
    return count == 1 ? result : result.withErrors(tensors(standardErrors()));
  }

  private Attribution variance() {
    if (count < 2) {
      throw new AttributionException(
          "option over is variance; that takes at least 2 baselines, there is 1");
    }
    return Attribution.of(
        tensors(
            squares.stream()
                .map(s -> Arrays.stream(s).map(q -> q / (count - 1)).toArray())
                .toList()));
  }

  private List<double[]> standardErrors() {
    double n = count;
    return squares.stream()
        .map(s -> Arrays.stream(s).map(q -> Math.sqrt(q / (n - 1) / n)).toArray())
        .toList();
  }

  private Map<String, Tensor> tensors(List<double[]> values) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int v = 0; v < values.size(); v++) {
      Shape shape = subject.variables().get(v).value().shape();
      tensors.put(subject.variables().get(v).name(), Tensor.of(shape, values.get(v)));
    }
    return tensors;
  }
}
