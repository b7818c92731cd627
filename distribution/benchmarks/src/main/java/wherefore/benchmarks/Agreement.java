package wherefore.benchmarks;

/** How far two answers are apart. */
final class Agreement {
  private Agreement() {}

  /** |a − b|₂ / |b|₂; infinite if their lengths differ or a number is none. */
  static double difference(float[] a, float[] b) {
    if (a.length != b.length) {
      return Double.POSITIVE_INFINITY;
    }
    double apart = 0;
    double norm = 0;
    for (int i = 0; i < a.length; i++) {
      apart += (a[i] - (double) b[i]) * (a[i] - (double) b[i]);
      norm += b[i] * (double) b[i];
    }
    double difference = apart == 0 ? 0 : Math.sqrt(apart / norm);
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
  }
}
