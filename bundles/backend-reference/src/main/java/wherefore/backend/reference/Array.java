package wherefore.backend.reference;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import wherefore.graph.TensorType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A value during a run: row-major elements on the heap, as {@code double[]} for both floating
 * types, {@code long[]} for int64, {@code boolean[]} for bool.
 */
record Array(Shape shape, Object data) {
  /** A value of zeros, or of {@code false}. */
  static Array zeros(TensorType type) {
    int size = type.shape().size();
    return switch (type.element()) {
      case FLOAT32, FLOAT64 -> new Array(type.shape(), new double[size]);
      case INT64 -> new Array(type.shape(), new long[size]);
      case BOOL -> new Array(type.shape(), new boolean[size]);
    };
  }

  /** A tensor's elements, copied. */
  static Array of(Tensor tensor) {
    return switch (tensor.type()) {
      case FLOAT32 -> new Array(tensor.shape(), widened(tensor.floats()));
      case FLOAT64 -> new Array(tensor.shape(), tensor.toDoubles());
      case INT64 -> new Array(tensor.shape(), tensor.toLongs());
      case BOOL -> new Array(tensor.shape(), truths(tensor.bools()));
    };
  }

  private static double[] widened(FloatBuffer floats) {
    double[] out = new double[floats.remaining()];
    for (int i = 0; i < out.length; i++) {
      out[i] = floats.get(i);
    }
    return out;
  }

  private static boolean[] truths(ByteBuffer bytes) {
    boolean[] out = new boolean[bytes.remaining()];
    for (int i = 0; i < out.length; i++) {
      out[i] = bytes.get(i) != 0;
    }
    return out;
  }

  /** These elements as a tensor, not copied. */
  Tensor toTensor() {
    return switch (data) {
      case double[] d -> Tensor.wrap(shape, DoubleBuffer.wrap(d));
      case long[] l -> Tensor.wrap(shape, LongBuffer.wrap(l));
      case boolean[] b -> Tensor.of(shape, b);
      default -> throw new AssertionError(data.getClass());
    };
  }

  double[] doubles() {
    return (double[]) data;
  }

  long[] longs() {
    return (long[]) data;
  }

  boolean[] booleans() {
    return (boolean[]) data;
  }

  /** The number of elements. */
  int size() {
    return shape.size();
  }

  /** The same elements under another shape. */
  Array reshape(Shape other) {
    return new Array(other, data);
  }
}
