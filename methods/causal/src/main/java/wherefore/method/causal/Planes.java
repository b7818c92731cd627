package wherefore.method.causal;

import java.util.List;
import java.util.stream.IntStream;
import wherefore.attribution.Variable;
import wherefore.model.Model;
import wherefore.tensor.Shape;

/**
 * Arrays of a shape along their spatial axes; without any they are left as they are.
 *
 * @param axes those behind the batch and the channels; of an image whose channels come last, those
 *     between
 */
record Planes(Shape shape, List<Integer> axes) {
  private static final int SPATIAL = 2;

  static Planes of(Model model, Variable v) {
    Shape shape = v.value().shape();
    List<Integer> plane = model.plane(v.name(), shape);
    int rank = shape.rank();
    return new Planes(
        shape, rank == 4 ? plane : IntStream.range(Math.min(SPATIAL, rank), rank).boxed().toList());
  }

  /**
   * The elements moved along each spatial axis; those that leave at an end come back at the other.
   *
   * @param by an entry an axis
   */
  double[] moved(double[] x, int[] by) {
    double[] moved = x;
    for (int k = 0; k < by.length; k++) {
      moved = rolled(moved, axes.get(k), by[k]);
    }
    return moved;
  }

  private double[] rolled(double[] x, int axis, int by) {
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
  double variation(double[] x) {
    double sum = 0;
    for (int axis : axes) {
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
  double[] variationGradient(double[] x) {
    double[] gradient = new double[x.length];
    for (int axis : axes) {
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
