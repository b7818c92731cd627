package wherefore.runtime.attributor;

import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Convolution with a Gaussian, along one axis after the other: the two innermost ones of a value of
 * three axes or more (rows and columns of an image), else the last one.
 *
 * <p>y_i = Σ_j g(i−j) x_j / Σ_j g(i−j) with g(d) = exp(−d²/2σ²) for |d| ≤ ⌈4σ⌉, both sums over the
 * j that exist: at an edge the weights are those inside, scaled to sum to 1, so that a constant
 * stays what it is. σ is in elements. Cost: 8σ operations an element and axis.
 */
final class Blur {
  private Blur() {}

  static Tensor of(Tensor value, double sigma) {
    Shape shape = value.shape();
    double[] data = value.toDoubles();
    int last = shape.rank() - 1;
    for (int axis = last; axis >= (shape.rank() >= 3 ? last - 1 : last); axis--) {
      data = along(data, shape, axis, kernel(sigma));
    }
    return Tensor.of(shape, data).to(value.type());
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
}
