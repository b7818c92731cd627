package wherefore.method.paths;

/** How an integral over [0, 1] is approximated. n is the number of {@code steps}. */
enum Quadrature {
  /** Intervals are halved where it is needed, until the completeness residual is small. */
  ADAPTIVE,
  /** n Gauss-Legendre nodes: exact for polynomials up to degree 2n − 1. */
  GAUSS_LEGENDRE,
  /** α = k/n for k = 0 … n−1. */
  RIEMANN_LEFT,
  /** α = (k+1)/n. */
  RIEMANN_RIGHT,
  /** α = (k+½)/n. */
  RIEMANN_MIDDLE,
  /** n intervals, n+1 nodes, the two at the ends with half the weight. */
  TRAPEZOID,
  /** From bend to bend, where the gradient is constant: no error, for piecewise-linear models. */
  EXACT
}
