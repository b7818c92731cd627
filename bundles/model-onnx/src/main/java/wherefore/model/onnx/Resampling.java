package wherefore.model.onnx;

import wherefore.graph.Interpolation;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * How one axis is brought to another extent, where {@link Interpolation} has no word for it: as a
 * matrix [out, in] that the axis is multiplied by. Definitions: ONNX's Resize.
 *
 * @param mode the kernel
 * @param place where output samples lie
 * @param rounding which neighbour the nearest one is
 * @param cubicCoefficient the a of the cubic kernel
 * @param antialias true if the kernel is widened where the axis gets shorter
 * @param excludeOutside true if taps outside of the axis count nothing, instead of as the edge's
 */
record Resampling(
    Interpolation.Mode mode,
    Place place,
    Interpolation.Rounding rounding,
    double cubicCoefficient,
    boolean antialias,
    boolean excludeOutside) {
  /** Where on the input's axis an output sample lies. */
  @FunctionalInterface
  interface Place {
    /**
     * The coordinate, NaN where the sample lies outside of the axis.
     *
     * @param out the output's extent
     * @param scale what the file says; the extents' ratio before rounding
     */
    double of(int sample, int in, int out, double scale);
  }

  /** The matrix; rows of samples outside are zero. */
  Tensor matrix(int in, int out, double scale) {
    double[] matrix = new double[Call.checkTable((long) in * out)];
    for (int i = 0; i < out; i++) {
      double x = place.of(i, in, out, scale);
      if (!Double.isNaN(x)) {
        fill(matrix, i * in, in, x, antialias ? Math.min(1, scale) : 1);
      }
    }
    return Tensor.of(Shape.of(out, in), matrix);
  }

  private void fill(double[] matrix, int row, int in, double x, double width) {
    if (mode == Interpolation.Mode.NEAREST) {
      matrix[row + clamp(nearest(x), in)] = 1;
      return;
    }
    int reach = (int) Math.ceil((mode == Interpolation.Mode.LINEAR ? 1 : 2) / width);
    double sum = 0;
    for (int tap = (int) Math.floor(x) - reach; tap <= Math.floor(x) + reach + 1; tap++) {
      double weight = kernel((tap - x) * width);
      if (!excludeOutside || (tap >= 0 && tap < in)) {
        matrix[row + clamp(tap, in)] += weight;
        sum += weight;
      }
    }
    for (int i = row; i < row + in; i++) {
      matrix[i] /= sum;
    }
  }

  private double kernel(double distance) {
    double d = Math.abs(distance);
    if (mode == Interpolation.Mode.LINEAR) {
      return Math.max(0, 1 - d);
    }
    double a = cubicCoefficient;
    if (d <= 1) {
      return ((a + 2) * d - (a + 3)) * d * d + 1;
    }
    return d < 2 ? a * (((d - 5) * d + 8) * d - 4) : 0;
  }

  private int nearest(double x) {
    return (int)
        switch (rounding) {
          case ROUND_PREFER_FLOOR -> Math.ceil(x - 0.5);
          case ROUND_PREFER_CEIL -> Math.floor(x + 0.5);
          case FLOOR -> Math.floor(x);
          case CEIL -> Math.ceil(x);
        };
  }

  private static int clamp(int index, int extent) {
    return Math.clamp(index, 0, extent - 1);
  }
}
