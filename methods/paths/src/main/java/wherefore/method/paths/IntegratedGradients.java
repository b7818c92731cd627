package wherefore.method.paths;

import java.util.EnumSet;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Subject;

/**
 * Integrated gradients.
 *
 * <p>Question: how much of f_t(x) − f_t(x') is each element's doing, on the straight path from the
 * baseline x' to the input x? Formula: IG_i = (x_i − x'_i) ∫₀¹ ∂f_t/∂x_i (x' + α(x − x')) dα.
 * Shape: the input's; unit: the target's; the sum is f_t(x) − f_t(x'). Several baselines: the mean,
 * with its standard error, or with {@code over=variance} their variance (unbiased; unit: the
 * target's square). Weights and sums are float64. Cost: steps · (F + B). Source: Sundararajan,
 * Taly, Yan 2017.
 *
 * <p>With {@code quadrature=exact}, for piecewise-linear models, the integral has no error but
 * rounding. Between neighbouring places where an operator bends the gradient is constant: one is
 * asked in the middle of each piece. Finding the pieces takes bending operators · pieces forward
 * passes more, each as far as the operator. Other models are refused. Source: Sotoudeh, Thakur
 * 2019.
 *
 * <p>With {@code path=polyline} the baselines are the vertices of one path from the first of them
 * through the others to x, and what its straight legs give is added up: the elements' shares depend
 * on the way, their sum f_t(x) − f_t(x') does not. Quadrature, steps and tolerance are each leg's.
 *
 * <p>With {@code --to} a layer, the path runs in that layer's space, from its value at the baseline
 * to its value at the input.
 *
 * <p>Facts: {@code steps} gradients used, over all baselines (of exact: the pieces); {@code
 * residual} Σ IG − (f_t(x) − f_t(x')), of the mean over baselines; {@code output}, {@code
 * output-at-baseline}; of a polyline {@code legs}; for the adaptive rule {@code spread}, the
 * greatest estimated error of an element, and {@code converged}, 0 if the steps ran out before the
 * tolerance was reached.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "integrated-gradients")
public final class IntegratedGradients implements AttributionMethod<IntegratedGradients.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value =
                  "How the integral is approximated; adaptive halves intervals until the residual is"
                      + " within the tolerance; exact goes from bend to bend of a piecewise-linear"
                      + " model.",
              byDefault = "adaptive")
          Quadrature quadrature,
      @Option(
              value =
                  "Points of the quadrature; for adaptive and exact the most they may use. 0 for the"
                      + " usual: 50, 2000 for adaptive, 10000 for exact.",
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
          double floor,
      @Option(
              value = "Of several baselines: the mean of the attributions, or their variance.",
              byDefault = "mean")
          Over over,
      @Option(
              value =
                  "Straight from each baseline to the input, or a polyline with the baselines as"
                      + " its vertices, the first one first.",
              byDefault = "straight")
          Route path) {}

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
    return new Integration(id(), subject.variables(), true, leg -> new StraightPath(subject, leg))
        .run(options, evaluator);
  }
}
