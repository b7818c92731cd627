package wherefore.method.bottleneck;

import java.util.List;
import wherefore.attribution.Blur;
import wherefore.tensor.Shape;

/**
 * How far each unit of a layer is open: λ = blur(sigmoid(α)).
 *
 * @param shape the layer's
 * @param axes those of its places, along which neighbours open together; empty for none
 * @param sigma of the blur, in places; 0 for none
 */
record Gate(Shape shape, List<Integer> axes, double sigma) {
  /** λ. */
  double[] open(double[] alpha) {
    return blurred(sigmoid(alpha, 1));
  }

  /** 1 − λ: the blur of a constant is the constant, so that sigmoid(−α) gives it unrounded. */
  double[] shut(double[] alpha) {
    return blurred(sigmoid(alpha, -1));
  }

  /** From the derivatives of something by λ to those by α. */
  double[] pull(double[] alpha, double[] byOpen) {
    double[] up = sigmoid(alpha, 1);
    double[] down = sigmoid(alpha, -1);
    double[] back = isBlurred() ? Blur.adjoint(byOpen, shape, axes, sigma) : byOpen.clone();
    for (int i = 0; i < back.length; i++) {
      back[i] *= up[i] * down[i];
    }
    return back;
  }

  /** Of so little a deviation, a neighbour's weight is 0. */
  private boolean isBlurred() {
    return sigma > 0.01 && !axes.isEmpty();
  }

  private double[] blurred(double[] values) {
    return isBlurred() ? Blur.over(values, shape, axes, sigma) : values;
  }

  private static double[] sigmoid(double[] alpha, int sign) {
    double[] out = new double[alpha.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = 1 / (1 + Math.exp(-sign * alpha[i]));
    }
    return out;
  }
}
