package wherefore.method.causal;

/**
 * The closest point where a linear function reaches a number, within a box: argmin cost(x, z)
 * subject to slope · z ≥ need, low ≤ z ≤ high.
 *
 * <p>By its dual: for a price μ of the constraint each element has its own best value, and slope ·
 * z(μ) grows with μ, so the right price is found by halving. Where the last halves differ (ties of
 * L1), a point between them meets the constraint exactly, and costs as little.
 *
 * @param z the point; where the box allows none, the one that comes closest to the need
 * @param price μ, the multiplier of the constraint; infinite where the box allows none
 */
record Linearized(double[] z, double price) {
  private static final int HALVINGS = 200;

  /** Solves it; the bounds are finite. */
  static Linearized solve(
      Distance distance, double[] x, double[] slope, double need, double[] low, double[] high) {
    double[] cheapest = at(distance, x, slope, 0, low, high);
    double[] dearest = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      dearest[i] = slope[i] > 0 ? high[i] : slope[i] < 0 ? low[i] : cheapest[i];
    }
    if (dot(slope, cheapest) >= need) {
      return new Linearized(cheapest, 0);
    }
    if (dot(slope, dearest) < need) {
      return new Linearized(dearest, Double.POSITIVE_INFINITY);
    }
    double less = 0;
    double more = 1;
    while (dot(slope, at(distance, x, slope, more, low, high)) < need) {
      less = more;
      more *= 2;
      if (Double.isInfinite(more)) {
        return new Linearized(dearest, Double.POSITIVE_INFINITY);
      }
    }
    for (int k = 0; k < HALVINGS && less < more; k++) {
      double middle = less + (more - less) / 2;
      if (middle <= less || middle >= more) {
        break;
      }
      if (dot(slope, at(distance, x, slope, middle, low, high)) < need) {
        less = middle;
      } else {
        more = middle;
      }
    }
    double[] below = at(distance, x, slope, less, low, high);
    double[] above = at(distance, x, slope, more, low, high);
    return new Linearized(between(below, above, slope, need), more);
  }

  private static double[] at(
      Distance distance, double[] x, double[] slope, double price, double[] low, double[] high) {
    double[] z = new double[x.length];
    for (int i = 0; i < z.length; i++) {
      z[i] = distance.nearest(x[i], slope[i], price, low[i], high[i]);
    }
    return z;
  }

  private static double[] between(double[] below, double[] above, double[] slope, double need) {
    double from = dot(slope, below);
    double to = dot(slope, above);
    double part = to > from ? Math.min(1, Math.max(0, (need - from) / (to - from))) : 1;
    double[] z = new double[below.length];
    for (int i = 0; i < z.length; i++) {
      z[i] = part == 1 ? above[i] : below[i] + part * (above[i] - below[i]);
    }
    return z;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
