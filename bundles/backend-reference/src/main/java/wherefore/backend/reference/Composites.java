package wherefore.backend.reference;

import java.util.List;
import java.util.Optional;
import wherefore.graph.Composite;
import wherefore.graph.TensorType;
import wherefore.tensor.Shape;

/**
 * The composites that are computed whole, because their bodies would take many times the memory or
 * time. All others are lowered. Each gives the numbers that its body gives.
 */
final class Composites {
  private Composites() {}

  /** True if the composite has a kernel here. */
  static boolean isWhole(Composite composite) {
    return switch (composite) {
      case Composite.Activation a -> true;
      case Composite.BatchNormalization n -> true;
      case Composite.MaxPool p -> true;
      case Composite.MaxPoolGrad p -> true;
      case Composite.AveragePool p -> true;
      case Composite.AveragePoolGrad p -> true;
      case Composite.Softmax s -> true;
      default -> false;
    };
  }

  /** The kernel of a composite, if it is computed whole. */
  static Optional<Kernel> kernel(Composite composite, List<TensorType> in, TensorType out) {
    return switch (composite) {
      case Composite.Activation a -> Optional.of(Elementwise.map(Functions.of(a)));
      case Composite.BatchNormalization n -> Optional.of(batchNormalization(n, out.shape()));
      case Composite.MaxPool p -> Optional.of(Pooling.max(p, out));
      case Composite.MaxPoolGrad p -> Optional.of(Pooling.maxGrad(p, out));
      case Composite.AveragePool p -> Optional.of(Pooling.average(p, in.get(0), out));
      case Composite.AveragePoolGrad p -> Optional.of(Pooling.averageGrad(p, out));
      case Composite.Softmax s -> Optional.of(softmax(s.axis(), out.shape()));
      default -> Optional.empty();
    };
  }

  private static Kernel batchNormalization(Composite.BatchNormalization n, Shape shape) {
    int channels = shape.dim(1);
    int plane = shape.axes(2, shape.rank()).size();
    return (in, work) -> {
      double[] x = in.get(0).doubles();
      double[] y = new double[x.length];
      work.tasks(
          shape.dim(0) * channels,
          p -> {
            int c = p % channels;
            double mean = in.get(3).doubles()[c];
            double deviation = Math.sqrt(in.get(4).doubles()[c] + n.epsilon());
            double factor = in.get(1).doubles()[c] / deviation;
            double bias = in.get(2).doubles()[c];
            for (int i = p * plane; i < (p + 1) * plane; i++) {
              y[i] = (x[i] - mean) * factor + bias;
            }
          });
      return new Array(shape, y);
    };
  }

  private static Kernel softmax(int axis, Shape shape) {
    int extent = shape.dim(axis);
    int inner = shape.strides()[axis];
    return (in, work) -> {
      double[] x = in.get(0).doubles();
      double[] y = new double[x.length];
      work.chunks(
          x.length / Math.max(1, extent),
          (from, to) -> {
            for (int line = from; line < to; line++) {
              int start = line / inner * inner * extent + line % inner;
              softmax(x, y, start, inner, start + extent * inner);
            }
          });
      return new Array(shape, y);
    };
  }

  private static void softmax(double[] x, double[] y, int start, int step, int end) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = start; i < end; i += step) {
      max = Math.max(max, x[i]);
    }
    double sum = 0;
    for (int i = start; i < end; i += step) {
      y[i] = StrictMath.exp(x[i] - max);
      sum += y[i];
    }
    for (int i = start; i < end; i += step) {
      y[i] /= sum;
    }
  }
}
