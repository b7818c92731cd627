package wherefore.attribution;

import java.util.List;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Convolution with a Gaussian, along one axis after the other.
 *
 * <p>y_i = Σ_j g(i−j) x_j / Σ_j g(i−j) with g(d) = exp(−d²/2σ²) for |d| ≤ ⌈4σ⌉, both sums over the
 * j that exist: at an edge the weights are those inside, scaled to sum to 1, so that a constant
 * stays what it is. σ is in elements. Cost: 8σ operations an element and axis.
 */
public final class Blur {
  private Blur() {}

  /**
   * A value blurred over its rows and columns, or where it has none over its last axis.
   *
   * @param plane as {@link Model#plane} has it
   */
  public static Tensor of(Tensor value, List<Integer> plane, double sigma) {
    Shape shape = value.shape();
    List<Integer> axes = plane.isEmpty() ? List.of(shape.rank() - 1) : plane.reversed();
    return Tensor.of(shape, over(value.toDoubles(), shape, axes, sigma)).to(value.type());
  }

  /** Row-major values of a shape, blurred over some axes. */
  public static double[] over(double[] values, Shape shape, List<Integer> axes, double sigma) {
    double[] data = values.clone();
    for (int axis : axes) {
      data = along(data, shape, axis, kernel(sigma));
    }
    return data;
  }

  /**
   * The adjoint of {@link #over}, from the derivatives by what it yields to those by what it is
   * given. At an edge it is another map, since the weights there are scaled.
   */
  public static double[] adjoint(double[] values, Shape shape, List<Integer> axes, double sigma) {
    double[] data = values.clone();
    for (int axis : axes.reversed()) {
      data = back(data, shape, axis, kernel(sigma));
    }
    return data;
  }

  private static double[] kernel(double sigma) {
    double[] half = new double[(int) Math.ceil(4 * sigma) + 1];
    for (int d = 0; d < half.length; d++) {
      half[d] = Math.exp(-d * (double) d / (2 * sigma * sigma));
    }
    return half;
  }

  private static double[] along(double[] in, Shape shape, int axis, double[] half) {
    int extent = shape.dim(axis);
    int stride = shape.strides()[axis];
    double[] out = new double[in.length];
    for (int i = 0; i < in.length; i++) {
      int place = i / stride % extent;
      int from = Math.max(0, place - half.length + 1);
      int to = Math.min(extent - 1, place + half.length - 1);
      double sum = 0;
      double weights = 0;
      for (int j = from; j <= to; j++) {
        double weight = half[Math.abs(j - place)];
        weights += weight;
        sum += weight * in[i + (j - place) * stride];
      }
      out[i] = sum / weights;
    }
    return out;
  }

  private static double[] back(double[] in, Shape shape, int axis, double[] half) {
    int extent = shape.dim(axis);
    int stride = shape.strides()[axis];
    double[] out = new double[in.length];
    for (int i = 0; i < in.length; i++) {
      int place = i / stride % extent;
      int from = Math.max(0, place - half.length + 1);
      int to = Math.min(extent - 1, place + half.length - 1);
      double weights = 0;
      for (int j = from; j <= to; j++) {
        weights += half[Math.abs(j - place)];
      }
      for (int j = from; j <= to; j++) {
        out[i + (j - place) * stride] += half[Math.abs(j - place)] / weights * in[i];
      }
    }
    return out;
  }
}
