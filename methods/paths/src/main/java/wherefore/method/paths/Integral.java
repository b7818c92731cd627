package wherefore.method.paths;

import java.util.List;
import java.util.Map;
import wherefore.attribution.Evaluator;
import wherefore.tensor.Tensor;

/** The integral along a path, by the quadrature that the options name. */
final class Integral {
  private static final int FIXED_STEPS = 50;
  private static final int MOST_STEPS = 2000;
  private static final int MOST_PIECES = 10_000;
  private static final double ACCURACY = 0.01;

  private Integral() {}

  /**
   * @param method that is asked, for errors
   * @param complete true if the integral's sum is f_t(x) − f_t(x'), which the adaptive rule then
   *     goes by; else it goes by the estimated error of the elements, {@value #ACCURACY} of the
   *     largest if nothing else is said
   */
  static PathIntegral of(
      String method,
      Path path,
      IntegratedGradients.Settings options,
      boolean complete,
      Evaluator evaluator) {
    int steps = options.steps();
    if (options.quadrature() == Quadrature.EXACT) {
      int most = steps == 0 ? MOST_PIECES : steps;
      double[] ends = new Breakpoints(method, path, evaluator, most).find();
      return fixed(Nodes.between(ends), evaluator, path);
    }
    if (options.quadrature() != Quadrature.ADAPTIVE) {
      return fixed(
          Nodes.of(options.quadrature(), steps == 0 ? FIXED_STEPS : steps), evaluator, path);
    }
    double asked = options.accuracy();
    AdaptiveIntegral.Limits limits =
        new AdaptiveIntegral.Limits(
            method,
            complete ? options.tolerance() : Double.POSITIVE_INFINITY,
            options.floor(),
            complete || asked > 0 ? asked : ACCURACY,
            steps == 0 ? MOST_STEPS : steps);
    return new AdaptiveIntegral(evaluator, path, limits).integrate();
  }

  private static PathIntegral fixed(Nodes nodes, Evaluator evaluator, Path path) {
    Map<String, Tensor> sums =
        evaluator.sum(path.integrand(), path.at(nodes.alphas()), nodes.weights());
    List<double[]> gradients =
        evaluator.subject().variables().stream().map(v -> v.in(sums).toDoubles()).toList();
    return new PathIntegral(gradients, nodes.alphas().length, Double.NaN, true);
  }
}
