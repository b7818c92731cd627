package wherefore.method.causal;

/** How far a change goes. */
enum Distance {
  /** Σ |z − x|: few elements change. */
  L1,
  /** √ Σ (z − x)²: every element that helps changes a little. */
  L2;

  double of(double[] x, double[] z) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double d = z[i] - x[i];
      sum += this == L1 ? Math.abs(d) : d * d;
    }
    return this == L1 ? sum : Math.sqrt(sum);
  }

  /** What is minimised: the distance itself, or half its square. */
  double cost(double[] x, double[] z) {
    double distance = of(x, z);
    return this == L1 ? distance : distance * distance / 2;
  }

  /** The z from low to high that minimises cost − price · slope · z, for one element. */
  double nearest(double x, double slope, double price, double low, double high) {
    double wanted =
        switch (this) {
          case L1 -> Math.abs(price * slope) <= 1 ? x : slope > 0 ? high : low;
          case L2 -> x + price * slope;
        };
    return Math.min(Math.max(wanted, low), high);
  }
}
