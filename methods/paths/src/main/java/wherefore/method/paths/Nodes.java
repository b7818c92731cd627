package wherefore.method.paths;

import java.util.Arrays;
import wherefore.attribution.GaussLegendre;

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
      case GAUSS_LEGENDRE -> gaussLegendre(GaussLegendre.of(n));
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

  private static Nodes gaussLegendre(GaussLegendre rule) {
    return new Nodes(rule.alphas(), rule.weights());
  }
}
