package wherefore.backend.cpu;

/**
 * Exponentials and what is made of them, over arrays: float64 inside and without a branch, so that
 * the compiler makes vector instructions of them. Rounded to float32 the results are within 0.51
 * units in the last place.
 */
final class SmoothLoops {
  /** Beyond these, e^x is 0 or infinite in float32. */
  private static final double FAR = 110;

  /** Halvings of an exponent, undone by squarings; an error grows by 2¹⁰ at most. */
  private static final double SHRUNK = 1.0 / 1024;

  private SmoothLoops() {}

  /** e^x. Relative error below 1e-11 before rounding. */
  static void exp(float[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (float) exp(a[i]);
    }
  }

  /** e^(x − shift). */
  static void exp(float[] a, float shift, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (float) exp((double) a[i] - shift);
    }
  }

  /** 1 / (1 + e^−x). Relative error below 1e-11 before rounding. */
  static void sigmoid(float[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (float) (1 / (1 + exp(-(double) a[i])));
    }
  }

  /** The error function. Relative error below 1e-9 before rounding. */
  static void erf(float[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (float) erf(a[i]);
    }
  }

  /** (Σ_{k≤8} (x/1024)^k / k!)^1024: the rest of the series is below 6e-15 up to |x| = 110. */
  private static double exp(double x) {
    double r = Math.max(-FAR, Math.min(FAR, x)) * SHRUNK;
    double p = 1 + r / 8;
    p = 1 + r * (1.0 / 7) * p;
    p = 1 + r * (1.0 / 6) * p;
    p = 1 + r * (1.0 / 5) * p;
    p = 1 + r * (1.0 / 4) * p;
    p = 1 + r * (1.0 / 3) * p;
    p = 1 + r * (1.0 / 2) * p;
    p = 1 + r * p;
    double p2 = p * p;
    double p4 = p2 * p2;
    double p8 = p4 * p4;
    double p16 = p8 * p8;
    double p32 = p16 * p16;
    double p64 = p32 * p32;
    double p128 = p64 * p64;
    double p256 = p128 * p128;
    double p512 = p256 * p256;
    return p512 * p512;
  }

  /**
   * x·P(x²)/Q(x²), of which P and Q are the least-squares fit of erf x / x for x² from 0 to 16;
   * from there on erf is 1 in float32.
   */
  private static double erf(double value) {
    double x = Math.max(-4, Math.min(4, value));
    double z = x * x;
    double p = -4.4847222785366986e-8;
    p = p * z - 2.899717682541847e-7;
    p = p * z + 3.05738606258766e-4;
    p = p * z + 2.9557941596254963e-3;
    p = p * z + 5.093762170799069e-2;
    p = p * z + 0.16689901614824895;
    p = p * z + 1.1283791681381494;
    double q = -6.202385802901489e-7;
    q = q * z + 4.0993955147207114e-5;
    q = q * z + 1.039795399798042e-3;
    q = q * z + 1.3490906125856201e-2;
    q = q * z + 0.10555661789634349;
    q = q * z + 0.4812437739856179;
    q = q * z + 1;
    return x * p / q;
  }
}
