package wherefore.model.onnx;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import wherefore.graph.Primitive;
import wherefore.graph.TensorType;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Constants' elements in other places. */
final class HostMoves {
  private HostMoves() {}

  /** For each element of a shape base + Σ coordinate · stride. */
  static int[] strided(Shape shape, int base, int[] strides) {
    int[] out = new int[shape.size()];
    int[] at = new int[shape.rank()];
    int offset = base;
    for (int i = 0; i < out.length; i++) {
      out[i] = offset;
      for (int a = shape.rank() - 1; a >= 0; a--) {
        offset += strides[a];
        if (++at[a] < shape.dim(a)) {
          break;
        }
        offset -= strides[a] * at[a];
        at[a] = 0;
      }
    }
    return out;
  }

  static Tensor pick(Tensor x, Shape shape, int[] places) {
    return x.type().isFloating()
        ? HostNumbers.floating(x.type(), shape, i -> x.get(places[i]))
        : HostNumbers.integers(x.type(), shape, i -> HostNumbers.integer(x, places[i]));
  }

  static Tensor reverse(Tensor x, List<Integer> axes) {
    int[] strides = x.shape().strides();
    int base = 0;
    for (int axis : axes) {
      base += (x.shape().dim(axis) - 1) * strides[axis];
      strides[axis] = -strides[axis];
    }
    return pick(x, x.shape(), strided(x.shape(), base, strides));
  }

  static Tensor slice(Tensor x, Primitive.Slice s, Shape shape) {
    int[] strides = x.shape().strides();
    int base = 0;
    for (int a = 0; a < strides.length; a++) {
      base += s.starts().get(a) * strides[a];
      strides[a] *= s.steps().get(a);
    }
    return pick(x, shape, strided(shape, base, strides));
  }

  static Tensor expand(Tensor x, Shape shape) {
    if (x.size() == 1) {
      return x.type().isFloating() ? fill(x, shape) : pick(x, shape, new int[shape.size()]);
    }
    int[] strides = x.shape().strides();
    for (int a = 0; a < strides.length; a++) {
      strides[a] = x.shape().dim(a) == 1 ? 0 : strides[a];
    }
    return pick(x, shape, strided(shape, 0, strides));
  }

  private static Tensor fill(Tensor x, Shape shape) {
    if (x.type() == ElementType.FLOAT32) {
      float[] out = new float[shape.size()];
      Arrays.fill(out, (float) x.get(0));
      return Tensor.wrap(shape, FloatBuffer.wrap(out));
    }
    double[] out = new double[shape.size()];
    Arrays.fill(out, x.get(0));
    return Tensor.wrap(shape, DoubleBuffer.wrap(out));
  }

  static Tensor pad(Tensor x, Primitive.Pad p, Shape shape) {
    int[] strides = shape.strides();
    int base = 0;
    for (int a = 0; a < strides.length; a++) {
      base += p.before().get(a) * strides[a];
      strides[a] *= p.between().get(a) + 1;
    }
    int[] sources = new int[shape.size()];
    Arrays.fill(sources, -1);
    int[] places = strided(x.shape(), base, strides);
    for (int i = 0; i < places.length; i++) {
      sources[places[i]] = i;
    }
    return x.type().isFloating()
        ? HostNumbers.floating(x.type(), shape, i -> sources[i] < 0 ? p.value() : x.get(sources[i]))
        : HostNumbers.integers(
            x.type(),
            shape,
            i -> sources[i] < 0 ? (long) p.value() : HostNumbers.integer(x, sources[i]));
  }

  static Tensor concat(int axis, List<Tensor> parts, TensorType type) {
    int outer = type.shape().axes(0, axis).size();
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(type.bytes()));
    List<ByteBuffer> bytes = parts.stream().map(Tensor::toBytes).toList();
    for (int row = 0; row < outer; row++) {
      for (ByteBuffer part : bytes) {
        int length = part.capacity() / outer;
        out.put(part.slice(row * length, length));
      }
    }
    return Tensor.wrap(type.element(), type.shape(), out.flip());
  }

  static Tensor gather(int axis, Tensor x, Tensor indices, Shape shape) {
    int extent = x.shape().dim(axis);
    int inner = x.shape().axes(axis + 1, x.shape().rank()).size();
    int count = indices.size();
    int[] places = new int[shape.size()];
    for (int i = 0; i < places.length; i++) {
      long index = indices.longs().get(i / inner % count);
      long place = index < 0 ? index + extent : index;
      if (place < 0 || place >= extent) {
        throw new IllegalArgumentException(
            "index %d is outside of axis %d of %s".formatted(index, axis, x.shape()));
      }
      places[i] = (i / inner / count * extent + (int) place) * inner + i % inner;
    }
    return pick(x, shape, places);
  }
}
