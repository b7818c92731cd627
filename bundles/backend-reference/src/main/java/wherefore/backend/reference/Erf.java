package wherefore.backend.reference;

/**
 * The Gauss error function erf(x) = 2/√π ∫₀ˣ e^(−t²) dt, within 1e-15 relative.
 *
 * <p>Below 2 by the series 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (1·3·…·(2n+1)), whose terms are all
 * positive, so that nothing cancels. From 2 on by 1 − erfc(x), with the continued fraction erfc(x)
 * = e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + …)))). Source: Abramowitz and Stegun 1964, 7.1.6 and
 * 7.1.14.
 */
final class Erf {
  private static final double ROOT_PI = StrictMath.sqrt(StrictMath.PI);
  private static final int FRACTIONS = 60;

  private Erf() {}

  static double erf(double x) {
    double a = Math.abs(x);
    if (a < 2) {
      return series(x);
    }
    return Double.isNaN(x) ? x : Math.copySign(a > 6 ? 1 : 1 - tail(a), x);
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-18; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / ROOT_PI * StrictMath.exp(-x * x) * sum;
  }

  private static double tail(double x) {
    double fraction = x;
    for (int n = FRACTIONS; n > 0; n--) {
      fraction = x + 0.5 * n / fraction;
    }
    return StrictMath.exp(-x * x) / (ROOT_PI * fraction);
  }
}
