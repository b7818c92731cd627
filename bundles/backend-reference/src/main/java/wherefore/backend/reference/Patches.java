package wherefore.backend.reference;

import java.util.Arrays;
import java.util.List;

/**
 * The matrix that turns a convolution into a product: a row for each channel and tap, a column for
 * each output, holding the sample that the tap meets there, or 0 for padding. It is never made as a
 * whole.
 */
final class Patches {
  private final List<Sampling> axes;
  private final int width;
  private final int rows;
  private final int plane;

  /**
   * For each combination of taps of the outer axes and each row of outputs where its line starts.
   */
  private final int[][] lines;

  /** One sampling a spatial axis, outermost first. */
  Patches(List<Sampling> axes) {
    this.axes = axes;
    Sampling last = axes.get(axes.size() - 1);
    this.width = last.outputs();
    this.plane = axes.stream().mapToInt(Sampling::extent).reduce(1, Math::multiplyExact);
    int[][] starts = {{0}};
    for (Sampling axis : axes.subList(0, axes.size() - 1)) {
      starts = nest(starts, axis);
    }
    for (int[] tap : starts) {
      Arrays.setAll(tap, i -> tap[i] < 0 ? -1 : tap[i] * last.extent());
    }
    this.lines = starts;
    this.rows =
        axes.stream()
            .limit(axes.size() - 1L)
            .mapToInt(Sampling::outputs)
            .reduce(1, (a, b) -> a * b);
  }

  private static int[][] nest(int[][] outer, Sampling axis) {
    int[][] nested = new int[outer.length * axis.taps().length][];
    for (int t = 0; t < nested.length; t++) {
      int[] before = outer[t / axis.taps().length];
      int tap = t % axis.taps().length;
      nested[t] = new int[before.length * axis.outputs()];
      for (int i = 0; i < nested[t].length; i++) {
        int start = before[i / axis.outputs()];
        int output = i % axis.outputs();
        boolean meets = start >= 0 && output >= axis.first(tap) && output < axis.end(tap);
        int sample = axis.starts()[tap] + output * axis.step();
        nested[t][i] = meets ? start * axis.extent() + sample : -1;
      }
    }
    return nested;
  }

  /** The number of outputs of a plane. */
  int columns() {
    return rows * width;
  }

  /** The number of samples of a plane. */
  int plane() {
    return plane;
  }

  /** The number of taps. */
  int taps() {
    return axes.stream().mapToInt(s -> s.taps().length).reduce(1, (a, b) -> a * b);
  }

  /** Where a tap stands in the flattened kernel. */
  int place(int tap, List<Integer> kernel) {
    int rest = tap;
    int place = 0;
    int scale = 1;
    for (int a = axes.size() - 1; a >= 0; a--) {
      int[] taps = axes.get(a).taps();
      place += taps[rest % taps.length] * scale;
      rest /= taps.length;
      scale *= kernel.get(a);
    }
    return place;
  }

  /** Copies the samples that a tap meets for the outputs of a range. */
  void copy(double[] x, int start, int tap, int from, int to, double[] out) {
    Sampling last = axes.get(axes.size() - 1);
    int inner = tap % last.taps().length;
    int[] starts = lines[tap / last.taps().length];
    for (int at = from; at < to; ) {
      int row = at / width;
      int left = at - row * width;
      int right = Math.min(width, left + to - at);
      line(x, start, starts[row], last, inner, left, right, out, at - from);
      at += right - left;
    }
  }

  private static void line(
      double[] x,
      int start,
      int line,
      Sampling s,
      int tap,
      int left,
      int right,
      double[] out,
      int at) {
    int first = line < 0 ? right : Math.min(right, Math.max(left, s.first(tap)));
    int end = line < 0 ? right : Math.max(first, Math.min(right, s.end(tap)));
    Arrays.fill(out, at, at + first - left, 0);
    int sample = start + line + s.starts()[tap] + first * s.step();
    if (s.step() == 1) {
      System.arraycopy(x, first < end ? sample : 0, out, at + first - left, end - first);
    } else {
      for (int o = first; o < end; o++, sample += s.step()) {
        out[at + o - left] = x[sample];
      }
    }
    Arrays.fill(out, at + end - left, at + right - left, 0);
  }
}
