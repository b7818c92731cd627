package wherefore.method.paths;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A guided path from one point to another, at the place that it has reached.
 *
 * @param baseline whose path it is a part of
 * @param before where it was before the last move
 * @param at where it is
 * @param end where it leads to
 * @param length from its start to its end, the sum of all elements' distances
 */
record Walk(int baseline, double[] before, double[] at, double[] end, double length) {
  /** At its start. */
  static Walk between(int baseline, double[] start, double[] end) {
    return new Walk(baseline, start, start, end, distance(start, end));
  }

  private static double distance(double[] from, double[] to) {
    return IntStream.range(0, from.length).mapToDouble(i -> Math.abs(to[i] - from[i])).sum();
  }

  /**
   * A move on. The elements of the least absolute derivatives go first: of all elements the
   * fraction with the lowest among those that have not arrived, all the way or as far as is needed;
   * where that is not enough, the next.
   *
   * @param gradient where it is
   * @param left how much of its length is left behind the move
   * @param fraction of the elements that go together
   */
  Walk move(double[] gradient, double left, double fraction) {
    double[] next = left == 0 ? end : moved(gradient, distance(at, end) - left * length, fraction);
    return new Walk(baseline, at, next, end, length);
  }

  private double[] moved(double[] gradient, double way, double fraction) {
    double[] next = at.clone();
    double[] order = magnitudes(gradient);
    int together = (int) (fraction * (at.length - 1)) + 1;
    double needed = way;
    double passed = -1;
    int first = 0;
    while (needed > 0 && first < order.length) {
      double most = order[Math.min(first + together, order.length) - 1];
      needed -= go(next, gradient, passed, most, needed);
      passed = most;
      while (first < order.length && order[first] <= most) {
        first++;
      }
    }
    return next;
  }

  /** The absolute derivatives of what has not arrived, in order. */
  private double[] magnitudes(double[] gradient) {
    return IntStream.range(0, at.length)
        .filter(i -> at[i] != end[i])
        .mapToDouble(i -> magnitude(gradient[i]))
        .sorted()
        .toArray();
  }

  /** One that is no number comes last. */
  private static double magnitude(double derivative) {
    return Double.isNaN(derivative) ? Double.POSITIVE_INFINITY : Math.abs(derivative);
  }

  /**
   * Moves those whose absolute derivatives lie above {@code passed}, up to {@code most}.
   *
   * @return how far they could have gone
   */
  private double go(double[] next, double[] gradient, double passed, double most, double needed) {
    int[] chosen =
        IntStream.range(0, at.length)
            .filter(i -> magnitude(gradient[i]) > passed && magnitude(gradient[i]) <= most)
            .toArray();
    double way = Arrays.stream(chosen).mapToDouble(i -> Math.abs(end[i] - at[i])).sum();
    for (int i : chosen) {
      next[i] = needed < way ? at[i] + needed / way * (end[i] - at[i]) : end[i];
    }
    return way;
  }
}
