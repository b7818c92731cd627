package wherefore.method.bottleneck;

import java.util.Arrays;

/**
 * Gradient descent whose steps are the gradient's running mean by the root of its running mean
 * square: α ← α − η m̂ / (√v̂ + 1e-8), decay 0.9 and 0.999. Source: Kingma, Ba 2015.
 */
final class Adam {
  private static final double FIRST = 0.9;
  private static final double SECOND = 0.999;
  private static final double TINY = 1e-8;

  /**
   * Where sigmoid(±α) is still a number of full precision; 10 steps of 1 from 5 stay far inside.
   */
  private static final double BOUND = 500;

  private final double rate;
  private final double[] point;
  private final double[] mean;
  private final double[] square;
  private int steps;

  /**
   * Begins at one number everywhere.
   *
   * @param rate η
   */
  Adam(int size, double start, double rate) {
    this.rate = rate;
    this.point = new double[size];
    this.mean = new double[size];
    this.square = new double[size];
    Arrays.fill(point, start);
  }

  /** Where it has got to; belongs to this. */
  double[] point() {
    return point;
  }

  /** A step against a gradient. */
  void step(double[] gradient) {
    steps++;
    double first = 1 - Math.pow(FIRST, steps);
    double second = 1 - Math.pow(SECOND, steps);
    for (int i = 0; i < point.length; i++) {
      mean[i] = FIRST * mean[i] + (1 - FIRST) * gradient[i];
      square[i] = SECOND * square[i] + (1 - SECOND) * gradient[i] * gradient[i];
      double step = rate * (mean[i] / first) / (Math.sqrt(square[i] / second) + TINY);
      point[i] = Math.clamp(point[i] - step, -BOUND, BOUND);
    }
  }
}
