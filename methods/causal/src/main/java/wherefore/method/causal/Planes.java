package wherefore.method.causal;

import java.util.List;
import java.util.stream.IntStream;
import wherefore.tensor.Shape;

/**
 * An array's spatial axes: those behind the batch and the channels. An array without any is left as
 * it is by all of these.
 */
final class Planes {
  private static final int SPATIAL = 2;

  private Planes() {}

  static List<Integer> axes(Shape shape) {
    return IntStream.range(Math.min(SPATIAL, shape.rank()), shape.rank()).boxed().toList();
  }

  /**
   * The elements moved along each spatial axis; those that leave at an end come back at the other.
   *
   * @param by an entry a spatial axis
   */
  static double[] moved(double[] x, Shape shape, int[] by) {
    double[] moved = x;
    for (int k = 0; k < by.length; k++) {
      moved = roll(moved, shape, axes(shape).get(k), by[k]);
    }
    return moved;
  }

  private static double[] roll(double[] x, Shape shape, int axis, int by) {
    int extent = shape.dim(axis);
    int stride = shape.strides()[axis];
    double[] rolled = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      int place = i / stride % extent;
      rolled[i + (Math.floorMod(place + by, extent) - place) * stride] = x[i];
    }
    return rolled;
  }

  /** Σ (x_{k+1} − x_k)² along the spatial axes. */
  static double variation(double[] x, Shape shape) {
    double sum = 0;
    for (int axis : axes(shape)) {
      int stride = shape.strides()[axis];
      for (int i = 0; i < x.length; i++) {
        if (i / stride % shape.dim(axis) + 1 < shape.dim(axis)) {
          sum += (x[i + stride] - x[i]) * (x[i + stride] - x[i]);
        }
      }
    }
    return sum;
  }

  /** The gradient of {@link #variation}. */
  static double[] variationGradient(double[] x, Shape shape) {
    double[] gradient = new double[x.length];
    for (int axis : axes(shape)) {
      int stride = shape.strides()[axis];
      for (int i = 0; i < x.length; i++) {
        if (i / stride % shape.dim(axis) + 1 < shape.dim(axis)) {
          double slope = 2 * (x[i + stride] - x[i]);
          gradient[i + stride] += slope;
          gradient[i] -= slope;
        }
      }
    }
    return gradient;
  }
}
