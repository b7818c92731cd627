package wherefore.backend.reference;

import wherefore.graph.TensorType;
import wherefore.tensor.Shape;

/** The largest element along an axis, and where it stands first. NaN counts as the largest. */
final class Maximum {
  private Maximum() {}

  /** Whether a value takes the place of the best so far. */
  static boolean beats(double value, double best) {
    return value > best || (Double.isNaN(value) && !Double.isNaN(best));
  }

  static Kernel reduceMax(int axis, TensorType out) {
    return (in, work) -> {
      int[] places = places(in.get(0), axis, work);
      Array y = Array.zeros(out);
      for (int i = 0; i < places.length; i++) {
        System.arraycopy(in.get(0).data(), places[i], y.data(), i, 1);
      }
      return y;
    };
  }

  static Kernel argMax(int axis, TensorType out) {
    return (in, work) -> {
      Shape shape = in.get(0).shape();
      int inner = shape.strides()[axis];
      int[] places = places(in.get(0), axis, work);
      long[] y = new long[places.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = places[i] / inner % shape.dim(axis);
      }
      return new Array(out.shape(), y);
    };
  }

  /** For each line along the axis where its first maximum lies. */
  private static int[] places(Array x, int axis, Work work) {
    int extent = x.shape().dim(axis);
    int inner = x.shape().strides()[axis];
    int[] places = new int[x.size() / Math.max(1, extent)];
    work.chunks(
        places.length,
        (from, to) -> {
          for (int line = from; line < to; line++) {
            int start = line / inner * inner * extent + line % inner;
            places[line] =
                switch (x.data()) {
                  case double[] d -> place(d, start, inner, extent);
                  case long[] l -> place(l, start, inner, extent);
                  default -> throw new AssertionError(x.data().getClass());
                };
          }
        });
    return places;
  }

  private static int place(double[] x, int start, int step, int count) {
    int best = start;
    for (int k = 1; k < count; k++) {
      best = beats(x[start + k * step], x[best]) ? start + k * step : best;
    }
    return best;
  }

  private static int place(long[] x, int start, int step, int count) {
    int best = start;
    for (int k = 1; k < count; k++) {
      best = x[start + k * step] > x[best] ? start + k * step : best;
    }
    return best;
  }
}
