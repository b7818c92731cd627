package wherefore.method.paths;

import java.util.function.DoubleConsumer;

/** Where affine functions on an interval cross what matters. */
final class Envelope {
  private Envelope() {}

  /**
   * Where one passes a threshold.
   *
   * @param p its value at 0
   * @param q its value at 1
   * @param found gets the place, between 0 and 1
   */
  static void passes(double p, double q, double threshold, DoubleConsumer found) {
    if ((p < threshold && q > threshold) || (p > threshold && q < threshold)) {
      found.accept((threshold - p) / (q - p));
    }
  }

  /**
   * Where the largest of several changes: the bends of their upper envelope, from left to right.
   * From the largest at 0 on, the next one is the first that overtakes.
   *
   * @param p the values at 0
   * @param q the values at 1
   * @param from the first of the group
   * @param to behind the last of the group
   */
  static void bends(double[] p, double[] q, int from, int to, DoubleConsumer found) {
    int top = from;
    for (int j = from + 1; j < to; j++) {
      if (p[j] > p[top] || (p[j] == p[top] && q[j] > q[top])) {
        top = j;
      }
    }
    int next = overtaking(p, q, from, to, top);
    while (next >= 0) {
      found.accept(meeting(p, q, top, next));
      top = next;
      next = overtaking(p, q, from, to, top);
    }
  }

  /** The first to overtake the top before 1, the steepest one of several; −1 if there is none. */
  private static int overtaking(double[] p, double[] q, int from, int to, int top) {
    int next = -1;
    double first = 1;
    for (int j = from; j < to; j++) {
      double at = meeting(p, q, top, j);
      boolean tie = next >= 0 && at == first && q[j] > q[next];
      if (gain(p, q, top, j) > 0 && (at < first || tie)) {
        next = j;
        first = at;
      }
    }
    return next;
  }

  /** A difference of slopes, so that its sign orders all functions and no two overtake in turn. */
  private static double gain(double[] p, double[] q, int top, int j) {
    return (q[j] - p[j]) - (q[top] - p[top]);
  }

  private static double meeting(double[] p, double[] q, int top, int j) {
    return (p[top] - p[j]) / gain(p, q, top, j);
  }
}
