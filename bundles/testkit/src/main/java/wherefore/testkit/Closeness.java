package wherefore.testkit;

import wherefore.tensor.Tensor;

/** Comparison of tensors within a tolerance. */
public final class Closeness {
  private Closeness() {}

  /**
   * Fails unless |actual − expected| ≤ atol + rtol·|expected| for every element. NaN matches NaN,
   * an infinity itself.
   *
   * @param what named in the error
   * @throws AssertionError naming the element that is furthest beyond its tolerance
   */
  public static void assertClose(
      Tensor expected, Tensor actual, double rtol, double atol, String what) {
    if (!expected.shape().equals(actual.shape())) {
      throw new AssertionError(
          "%s: shape %s expected, was %s".formatted(what, expected.shape(), actual.shape()));
    }
    int worst = -1;
    double most = 1;
    for (int i = 0; i < expected.size(); i++) {
      double excess = excess(expected.get(i), actual.get(i), rtol, atol);
      if (excess > most) {
        most = excess;
        worst = i;
      }
    }
    if (worst >= 0) {
      throw new AssertionError(
          "%s: element %d of %s is %s, expected %s (%.3g times the tolerance; rtol %s, atol %s)"
              .formatted(
                  what,
                  worst,
                  expected.shape(),
                  actual.get(worst),
                  expected.get(worst),
                  most,
                  rtol,
                  atol));
    }
  }

  /** The distance in units of the tolerance: up to 1 is close. */
  private static double excess(double expected, double actual, double rtol, double atol) {
    if (Double.compare(expected, actual) == 0 || expected == actual) {
      return 0;
    }
    double distance = Math.abs(actual - expected);
    if (!Double.isFinite(expected) || !Double.isFinite(actual)) {
      return Double.POSITIVE_INFINITY;
    }
    double tolerance = atol + rtol * Math.abs(expected);
    return tolerance == 0 ? Double.POSITIVE_INFINITY : distance / tolerance;
  }
}
