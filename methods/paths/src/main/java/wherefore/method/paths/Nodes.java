package wherefore.method.paths;

import java.util.Arrays;

/**
 * The nodes and weights of a fixed quadrature over [0, 1], in float64. The weights sum to 1.
 *
 * @param alphas the nodes
 * @param weights one a node
 */
record Nodes(double[] alphas, double[] weights) {
  /** The quadrature's nodes for n steps. */
  static Nodes of(Quadrature quadrature, int n) {
    return switch (quadrature) {
      case GAUSS_LEGENDRE -> gaussLegendre(n);
      case RIEMANN_LEFT -> riemann(n, 0);
      case RIEMANN_MIDDLE -> riemann(n, 0.5);
      case RIEMANN_RIGHT -> riemann(n, 1);
      case TRAPEZOID -> trapezoid(n);
      case ADAPTIVE, EXACT ->
          throw new IllegalArgumentException(quadrature + " has no fixed nodes");
    };
  }

  /** The middle of each interval between neighbours, which weighs as much as it is long. */
  static Nodes between(double[] ends) {
    double[] alphas = new double[ends.length - 1];
    double[] weights = new double[ends.length - 1];
    Arrays.setAll(alphas, k -> (ends[k] + ends[k + 1]) / 2);
    Arrays.setAll(weights, k -> ends[k + 1] - ends[k]);
    return new Nodes(alphas, weights);
  }

  private static Nodes riemann(int n, double shift) {
    double[] alphas = new double[n];
    double[] weights = new double[n];
    Arrays.setAll(alphas, k -> (k + shift) / n);
    Arrays.fill(weights, 1.0 / n);
    return new Nodes(alphas, weights);
  }

  private static Nodes trapezoid(int n) {
    double[] alphas = new double[n + 1];
    double[] weights = new double[n + 1];
    Arrays.setAll(alphas, k -> (double) k / n);
    Arrays.fill(weights, 1.0 / n);
    weights[0] = weights[n] = 0.5 / n;
    return new Nodes(alphas, weights);
  }

  /**
   * The roots z of the Legendre polynomial P_n, by Newton's iteration from cos(π (k + ¾)/(n + ½)),
   * with weights 2 / ((1 − z²) P_n'(z)²), mapped from [−1, 1] to [0, 1].
   */
  private static Nodes gaussLegendre(int n) {
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
    return new Nodes(alphas, weights);
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
