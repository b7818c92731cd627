package wherefore.attribution;

/**
 * Gauss and Legendre's quadrature over [0, 1], in float64: with n nodes exact for polynomials up to
 * degree 2n − 1. The weights sum to 1.
 *
 * @param alphas the nodes, ascending
 * @param weights one a node
 */
public record GaussLegendre(double[] alphas, double[] weights) {
  /**
   * The rule of n nodes: the roots z of the Legendre polynomial P_n, by Newton's iteration from
   * cos(π (k + ¾)/(n + ½)), with weights 2 / ((1 − z²) P_n'(z)²), mapped from [−1, 1] to [0, 1].
   */
  public static GaussLegendre of(int n) {
    double[] alphas = new double[n];
    double[] weights = new double[n];
    for (int k = 0; k < n; k++) {
      double z = Math.cos(Math.PI * (n - k - 0.25) / (n + 0.5));
      double step;
      do {
        double[] p = legendre(n, z);
        step = p[0] / p[1];
        z -= step;
      } while (Math.abs(step) > 1e-15);
      double slope = legendre(n, z)[1];
      alphas[k] = (z + 1) / 2;
      weights[k] = 1 / ((1 - z * z) * slope * slope);
    }
    return new GaussLegendre(alphas, weights);
  }

  /** P_n(z) and P_n'(z), by the three-term recurrence. */
  private static double[] legendre(int n, double z) {
    double previous = 1;
    double current = z;
    for (int k = 2; k <= n; k++) {
      double next = ((2 * k - 1) * z * current - (k - 1) * previous) / k;
      previous = current;
      current = next;
    }
    return new double[] {current, n * (z * current - previous) / (z * z - 1)};
  }
}
