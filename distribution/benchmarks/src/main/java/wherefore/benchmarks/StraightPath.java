package wherefore.benchmarks;

import java.util.Arrays;

/**
 * The points of a straight path, as the peers take them.
 *
 * @param alphas where, in [0, 1]
 * @param weights of the quadrature; they sum to 1
 * @param chunk so many at once; divides their number
 */
public record StraightPath(double[] alphas, double[] weights, int chunk) {
  /** Checks the lengths. */
  public StraightPath {
    if (alphas.length != weights.length || alphas.length % chunk != 0) {
      throw new IllegalArgumentException(
          "%d points, %d weights, chunks of %d".formatted(alphas.length, weights.length, chunk));
    }
  }

  /** How many chunks there are. */
  public int chunks() {
    return alphas.length / chunk;
  }

  /** The points of a chunk. */
  public float[] alphas(int number) {
    return part(alphas, number);
  }

  /** Their weights. */
  public float[] weights(int number) {
    return part(weights, number);
  }

  private float[] part(double[] all, int number) {
    float[] part = new float[chunk];
    for (int i = 0; i < chunk; i++) {
      part[i] = (float) all[number * chunk + i];
    }
    return part;
  }

  /** The n nodes of Gauss and Legendre, by Newton's method on the Legendre polynomial. */
  static StraightPath gaussLegendre(int n, int chunk) {
    double[] alphas = new double[n];
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      double x = -Math.cos(Math.PI * (i + 0.75) / (n + 0.5));
      double[] p = legendre(n, x);
      for (int k = 0; k < 8; k++) {
        x -= p[0] / p[1];
        p = legendre(n, x);
      }
      alphas[i] = (1 + x) / 2;
      weights[i] = 1 / ((1 - x * x) * p[1] * p[1]);
    }
    return new StraightPath(alphas, weights, chunk);
  }

  /** The n-th Legendre polynomial at x, and its derivative. */
  private static double[] legendre(int n, double x) {
    double before = 1;
    double p = x;
    for (int k = 2; k <= n; k++) {
      double next = ((2 * k - 1) * x * p - (k - 1) * before) / k;
      before = p;
      p = next;
    }
    return new double[] {p, n * (x * p - before) / (x * x - 1)};
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StraightPath p
        && Arrays.equals(alphas, p.alphas)
        && Arrays.equals(weights, p.weights)
        && chunk == p.chunk;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(alphas);
  }

  @Override
  public String toString() {
    return alphas.length + " points in chunks of " + chunk;
  }
}
