package wherefore.method.paths;

import java.util.List;

/**
 * ∫₀¹ ∂f_t/∂x dα along a path, and what is known of its error.
 *
 * @param gradients the integral for each variable, in order
 * @param points how many gradients it took
 * @param spread the greatest estimated error of an element of Δ ⊙ integral; NaN if not estimated
 * @param converged false if the points ran out before the tolerance was reached
 */
record PathIntegral(List<double[]> gradients, int points, double spread, boolean converged) {}
