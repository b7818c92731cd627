package wherefore.backend.cpu;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.backend.cpu.onednn.Format;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

/**
 * A tensor in a buffer.
 *
 * @param buffer where its elements lie
 * @param offset of the first one, in elements
 * @param format where the others lie from there
 * @param type what they are
 */
record View(Buffer buffer, long offset, Format format, ElementType type) {
  static View dense(Buffer buffer, Shape shape, ElementType type) {
    return new View(buffer, 0, Format.dense(longs(shape)), type);
  }

  static long[] longs(Shape shape) {
    return Arrays.stream(shape.dims()).asLongStream().toArray();
  }

  long[] dims() {
    return format.dims();
  }

  long[] strides() {
    return format.strides();
  }

  int rank() {
    return dims().length;
  }

  long size() {
    return Arrays.stream(dims()).reduce(1, (a, b) -> a * b);
  }

  boolean isBlocked() {
    return format.block() != 1;
  }

  /** True if it is row-major without gaps and fills its buffer from the start. */
  boolean isDense() {
    return offset == 0 && format.isDense();
  }

  View with(long newOffset, long[] dims, long[] strides) {
    return new View(buffer, newOffset, new Format(dims, strides, 1), type);
  }

  View with(Format other) {
    return new View(buffer, offset, other, type);
  }

  /** The same elements with repeated axes: distance 0 where the extent grows from 1. */
  View expanded(long[] dims) {
    long[] strides = strides().clone();
    for (int a = 0; a < dims.length; a++) {
      if (dims()[a] != dims[a]) {
        strides[a] = 0;
      }
    }
    return with(offset, dims, strides);
  }

  View transposed(List<Integer> permutation) {
    long[] dims = new long[rank()];
    long[] strides = new long[rank()];
    for (int a = 0; a < rank(); a++) {
      dims[a] = dims()[permutation.get(a)];
      strides[a] = strides()[permutation.get(a)];
    }
    return with(offset, dims, strides);
  }

  View reversed(List<Integer> axes) {
    long[] strides = strides().clone();
    long start = offset;
    for (int axis : axes) {
      start += (dims()[axis] - 1) * strides[axis];
      strides[axis] = -strides[axis];
    }
    return with(start, dims(), strides);
  }

  /** The elements start, start + step, … along each axis, so many as the extents say. */
  View sliced(long[] starts, long[] extents, long[] steps) {
    long start = offset;
    long[] strides = strides().clone();
    for (int a = 0; a < rank(); a++) {
      start += starts[a] * strides[a];
      strides[a] *= steps[a];
    }
    return with(start, extents, strides);
  }

  /** The first element of the first axis. */
  View row() {
    return rows(0, 1);
  }

  /** So many elements of the first axis, in the same order. */
  View rows(long start, long count) {
    long[] dims = dims().clone();
    dims[0] = count;
    Format rows = new Format(dims, strides(), format.block());
    return new View(buffer, offset + start * strides()[0], rows, type);
  }

  /** The same elements under another shape, if no copy is needed for that. */
  Optional<View> reshaped(long[] dims) {
    if (format.isDense()) {
      return Optional.of(new View(buffer, offset, Format.dense(dims), type));
    }
    return isBlocked() || size() == 0 ? Optional.empty() : regrouped(dims);
  }

  /** Groups of axes of equal size on both sides; within a group the old axes must be contiguous. */
  private Optional<View> regrouped(long[] dims) {
    int[] old = wide(dims());
    int[] now = wide(dims);
    long[] strides = new long[dims.length];
    Arrays.fill(strides, 1);
    int from = old.length - 1;
    int to = now.length - 1;
    while (from >= 0 && to >= 0) {
      long step = strides()[old[from]];
      long size = dims()[old[from]];
      long reach = 1;
      while (reach != size) {
        if (reach < size) {
          strides[now[to]] = step * reach;
          reach *= dims[now[to--]];
        } else {
          from--;
          if (strides()[old[from]] != step * size) {
            return Optional.empty();
          }
          size *= dims()[old[from]];
        }
      }
      from--;
    }
    return Optional.of(with(offset, dims, strides));
  }

  private static int[] wide(long[] dims) {
    return IntStream.range(0, dims.length).filter(a -> dims[a] != 1).toArray();
  }

  /** The bytes from the buffer's start to the first element. */
  long byteOffset() {
    return offset * type.bytes();
  }
}
