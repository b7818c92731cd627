package wherefore.method.paths;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Moments;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/** Mean, variance and standard error of the attributions over several baselines. */
final class BaselineMean {
  private final Subject subject;
  private final List<Moments> moments;
  private int count;
  private int points;
  private double spread;
  private boolean converged = true;

  BaselineMean(Subject subject) {
    this.subject = subject;
    this.moments = subject.variables().stream().map(v -> new Moments(v.value().size())).toList();
  }

  /**
   * Adds the attribution for one baseline.
   *
   * @param integral already times Δ
   */
  void add(PathIntegral integral) {
    count++;
    points += integral.points();
    spread = count == 1 ? integral.spread() : Math.max(spread, integral.spread());
    converged &= integral.converged();
    for (int v = 0; v < moments.size(); v++) {
      moments.get(v).add(integral.gradients().get(v));
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
    Attribution mean = Attribution.of(tensors(Moments::means));
    Attribution result = mean.fact("output", ends[0]).fact("output-at-baseline", atBaseline);
    if (complete) {
      result = result.fact("residual", mean.sum() - (ends[0] - atBaseline));
    }
    return count == 1 ? result : result.withErrors(tensors(Moments::errorsOfMeans));
  }

  private Attribution variance() {
    if (count < 2) {
      throw new AttributionException(
          "option over is variance; that takes at least 2 baselines, there is 1");
    }
    return Attribution.of(tensors(Moments::variances));
  }

  private Map<String, Tensor> tensors(Function<Moments, double[]> statistic) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int v = 0; v < moments.size(); v++) {
      Variable variable = subject.variables().get(v);
      double[] values = statistic.apply(moments.get(v));
      tensors.put(variable.name(), Tensor.of(variable.value().shape(), values));
    }
    return tensors;
  }
}
