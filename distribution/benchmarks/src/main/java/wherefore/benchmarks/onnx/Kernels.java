package wherefore.benchmarks.onnx;

import java.nio.FloatBuffer;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Convolution weights in other forms. */
final class Kernels {
  private Kernels() {}

  /** Weights [m, c, h, w] as [c, m, h, w] with each kernel turned by half a turn. */
  static Tensor turned(Tensor weights) {
    Shape s = weights.shape();
    int m = s.dim(0);
    int c = s.dim(1);
    int taps = s.dim(2) * s.dim(3);
    float[] from = weights.toFloats();
    float[] to = new float[from.length];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < c; j++) {
        for (int t = 0; t < taps; t++) {
          to[(j * m + i) * taps + taps - 1 - t] = from[(i * c + j) * taps + t];
        }
      }
    }
    return Tensor.wrap(Shape.of(c, m, s.dim(2), s.dim(3)), FloatBuffer.wrap(to));
  }

  /** Each outermost slice times its factor. */
  static Tensor scaled(Tensor weights, float[] factors) {
    float[] values = weights.toFloats();
    int slice = values.length / factors.length;
    for (int i = 0; i < values.length; i++) {
      values[i] *= factors[i / slice];
    }
    return Tensor.wrap(weights.shape(), FloatBuffer.wrap(values));
  }

  /** One row of a matrix, repeated. */
  static Tensor repeatedRow(Tensor matrix, int row, int times) {
    int columns = matrix.shape().dim(1);
    float[] values = new float[times * columns];
    float[] one = matrix.rows(row, row + 1).toFloats();
    for (int i = 0; i < times; i++) {
      System.arraycopy(one, 0, values, i * columns, columns);
    }
    return Tensor.wrap(Shape.of(times, columns), FloatBuffer.wrap(values));
  }
}
