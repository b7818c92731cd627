package wherefore.method.paths;

import java.util.ArrayList;
import java.util.List;
import wherefore.tensor.Tensor;

/**
 * ∫₀¹ ∂f_t/∂x dα along a path, or that times Δ, and what is known of its error.
 *
 * @param gradients the integral for each variable, in order
 * @param points how many gradients it took
 * @param spread the greatest estimated error of an element of Δ ⊙ integral; NaN if not estimated
 * @param converged false if the points ran out before the tolerance was reached
 */
record PathIntegral(List<double[]> gradients, int points, double spread, boolean converged) {
  /** This, element by element times Δ. */
  PathIntegral times(List<Tensor> deltas) {
    List<double[]> products = new ArrayList<>();
    for (int v = 0; v < gradients.size(); v++) {
      double[] product = gradients.get(v).clone();
      for (int e = 0; e < product.length; e++) {
        product[e] *= deltas.get(v).get(e);
      }
      products.add(product);
    }
    return new PathIntegral(products, points, spread, converged);
  }

  /** This and that of a path which goes on where this one ends; the errors may add up. */
  PathIntegral plus(PathIntegral next) {
    List<double[]> sums = new ArrayList<>();
    for (int v = 0; v < gradients.size(); v++) {
      double[] sum = gradients.get(v).clone();
      for (int e = 0; e < sum.length; e++) {
        sum[e] += next.gradients().get(v)[e];
      }
      sums.add(sum);
    }
    return new PathIntegral(
        sums, points + next.points(), spread + next.spread(), converged && next.converged());
  }
}
