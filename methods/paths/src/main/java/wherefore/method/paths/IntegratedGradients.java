package wherefore.method.paths;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/**
 * Integrated gradients.
 *
 * <p>Question: how much of f_t(x) − f_t(x') is each element's doing, on the straight path from the
 * baseline x' to the input x? Formula: IG_i = (x_i − x'_i) ∫₀¹ ∂f_t/∂x_i (x' + α(x − x')) dα.
 * Shape: the input's; unit: the target's; the sum is f_t(x) − f_t(x'). Several baselines: the mean,
 * with its standard error. Weights and sums are float64. Cost: steps · (F + B). Source:
 * Sundararajan, Taly, Yan 2017.
 *
 * <p>With {@code --to} a layer, the path runs in that layer's space, from its value at the baseline
 * to its value at the input.
 *
 * <p>Facts: {@code steps} gradients used, over all baselines; {@code residual} Σ IG − (f_t(x) −
 * f_t(x')), of the mean over baselines; {@code output}, {@code output-at-baseline}; for the
 * adaptive rule {@code spread}, the greatest estimated error of an element, and {@code converged},
 * 0 if the steps ran out before the tolerance was reached.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "integrated-gradients")
public final class IntegratedGradients implements AttributionMethod<IntegratedGradients.Settings> {
  private static final int FIXED_STEPS = 50;
  private static final int MOST_STEPS = 2000;

  /** The options. */
  public record Settings(
      @Option(
              value =
                  "How the integral is approximated; adaptive halves intervals until the residual is"
                      + " within the tolerance.",
              byDefault = "adaptive")
          Quadrature quadrature,
      @Option(
              value =
                  "Points of the quadrature; for adaptive the most it may use. 0 for the usual: 50,"
                      + " and 2000 for adaptive.",
              byDefault = "0",
              min = 0,
              max = 1_000_000,
              unit = "gradients")
          int steps,
      @Option(
              value = "Adaptive: the residual allowed, as a fraction of |f(input) - f(baseline)|.",
              byDefault = "0.001",
              min = 1e-12,
              max = 1)
          double tolerance,
      @Option(
              value =
                  "Adaptive: the estimated error allowed for an element, as a fraction of the"
                      + " largest; 0 asks for the residual alone.",
              byDefault = "0",
              min = 0,
              max = 1)
          double accuracy,
      @Option(
              value = "Adaptive: the least |f(input) - f(baseline)| that tolerance refers to.",
              byDefault = "0.01",
              min = 0,
              unit = "of the target")
          double floor) {}

  @Override
  public String id() {
    return "integrated-gradients";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How much of the target's change from baseline to input is each element's doing?",
        EnumSet.of(Need.GRAPH, Need.BASELINE),
        "steps × (F + B)",
        "Sundararajan, Taly, Yan 2017, arXiv:1703.01365");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    int baselines = subject.variables().stream().mapToInt(Variable::baselines).max().orElse(1);
    BaselineMean mean = new BaselineMean(subject);
    for (int k = 0; k < baselines; k++) {
      StraightPath path = new StraightPath(subject, k);
      mean.add(path.deltas(), integral(options, evaluator, path));
    }
    return mean.attribution(ends(evaluator, baselines), options);
  }

  private static PathIntegral integral(Settings options, Evaluator evaluator, StraightPath path) {
    int steps = options.steps();
    return options.quadrature() == Quadrature.ADAPTIVE
        ? new AdaptiveIntegral(
                evaluator,
                path,
                new AdaptiveIntegral.Limits(
                    options.tolerance(),
                    options.floor(),
                    options.accuracy(),
                    steps == 0 ? MOST_STEPS : steps))
            .integrate()
        : fixed(Nodes.of(options.quadrature(), steps == 0 ? FIXED_STEPS : steps), evaluator, path);
  }

  private static PathIntegral fixed(Nodes nodes, Evaluator evaluator, StraightPath path) {
    Map<String, Tensor> sums =
        evaluator.sum(path.gradients(), path.at(nodes.alphas()), nodes.weights());
    List<double[]> gradients =
        evaluator.subject().variables().stream().map(v -> v.in(sums).toDoubles()).toList();
    return new PathIntegral(gradients, nodes.alphas().length, Double.NaN, true);
  }

  /** f_t at the input, then at each baseline. */
  private static double[] ends(Evaluator evaluator, int baselines) {
    Map<String, Tensor> rows = new LinkedHashMap<>();
    for (Variable v : evaluator.subject().variables()) {
      List<Tensor> parts = new ArrayList<>();
      parts.add(v.value());
      for (int k = 0; k < baselines; k++) {
        parts.add(v.baseline(k).to(v.value().type()));
      }
      rows.put(v.name(), Tensor.concatRows(parts));
    }
    Tensor f = evaluator.map(evaluator.subject().forward(), Rows.of(rows)).get(Subject.TARGET);
    if (f == null) {
      throw new AttributionException("the model yields no target");
    }
    return f.toDoubles();
  }
}
