package wherefore.method.paths;

import java.util.Arrays;
import java.util.EnumSet;
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
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Integrated gradients along the scales of a Gaussian blur.
 *
 * <p>Question: how much of f_t(x) − f_t(x blurred) is each element's doing, while the image comes
 * into focus? Formula: −∫₀^σ ∂f_t/∂z_i(z(s)) · ∂z_i/∂s ds, with z(s) = x blurred over rows and
 * columns by a Gaussian of deviation s. Shape: the input's; unit: the target's; the sum is f_t(x) −
 * f_t(z(σ)). There is no other baseline: nothing is compared with that would not be in the image.
 * Cost: steps · (F + B). Source: Xu, Venugopalan, Sundararajan 2020.
 *
 * <p>The path is followed in straight legs between scales that are spaced evenly, as in the paper;
 * a leg gives its difference times the gradient in its middle. (The paper leaves the quadrature
 * open, its authors' code multiplies a difference quotient in s with the gradient at a leg's
 * start.) So the legs' differences sum to x − z(σ), and what is missing from the sum rule, the
 * residual, is the curvature of f_t alone: of order 1/steps², and 0 if f_t is quadratic or affine.
 *
 * <p>With {@code --to} a layer, the layer's value is blurred. What has no rows and columns is
 * refused.
 *
 * <p>Facts: {@code steps}; {@code sigma}; {@code residual} Σ − (f_t(x) − f_t(z(σ))); {@code
 * output}, {@code output-at-baseline} f_t(z(σ)).
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "blur-integrated-gradients")
public final class BlurIntegratedGradients
    implements AttributionMethod<BlurIntegratedGradients.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value =
                  "The Gaussian's deviation where the path begins; 0 for the usual, a sixth of the"
                      + " longest side.",
              byDefault = "0",
              min = 0,
              max = 1e6,
              unit = "elements")
          double sigma,
      @Option(
              value = "Legs of the path, at scales spaced evenly.",
              byDefault = "100",
              min = 1,
              max = 1_000_000,
              unit = "gradients")
          int steps) {}

  @Override
  public String id() {
    return "blur-integrated-gradients";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "How much of the target's change is each element's doing, while the image comes into focus?",
        EnumSet.of(Need.GRAPH),
        "steps × (F + B)",
        "Xu, Venugopalan, Sundararajan 2020, arXiv:2004.03383");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    List<Variable> variables = subject.variables();
    variables.forEach(this::check);
    Scales scales = Scales.of(subject, options.sigma(), options.steps());
    double[] ones = new double[options.steps()];
    Arrays.fill(ones, 1);
    Map<String, Tensor> sums = evaluator.sum(scales.program(), scales.legs(), ones);
    List<double[]> shares = variables.stream().map(v -> v.in(sums).toDoubles()).toList();
    BaselineMean mean = new BaselineMean(subject);
    mean.add(new PathIntegral(shares, options.steps(), Double.NaN, true));
    double[] ends = Ends.of(evaluator, variables, 1, scales::at);
    return mean.statistic(ends, Over.MEAN, true)
        .fact("steps", options.steps())
        .fact("sigma", scales.sigma());
  }

  private void check(Variable v) {
    Shape shape = v.value().shape();
    if (shape.rank() < 4) {
      throw new AttributionException(
          "%s: %s is of shape %s; images are blurred, such as [n, channels, rows, columns]"
              .formatted(id(), v.name(), shape));
    }
  }
}
