package wherefore.backend.reference;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.Window;
import wherefore.tensor.Shape;

/**
 * Where the elements of a multi-dimensional value lie in a flat array: at {@code offset} + Σ
 * index·stride. Every operator that only moves elements is a copy from one view to another.
 *
 * @param dims the extents
 * @param offset where the element with all indices 0 lies
 * @param strides the distance of neighbours along each axis; 0 repeats, negative goes backwards
 */
record View(int[] dims, int offset, int[] strides) {
  /** All elements, in their order. */
  static View of(Shape shape) {
    return new View(shape.dims(), 0, shape.strides());
  }

  /** Axes in another order. */
  View transposed(List<Integer> permutation) {
    int[] order = permutation.stream().mapToInt(Integer::intValue).toArray();
    return new View(
        Arrays.stream(order).map(a -> dims[a]).toArray(),
        offset,
        Arrays.stream(order).map(a -> strides[a]).toArray());
  }

  /** The axes backwards. */
  View reversed(List<Integer> axes) {
    int[] steps = strides.clone();
    int start = offset;
    for (int a : axes.stream().distinct().toList()) {
      start += (dims[a] - 1) * strides[a];
      steps[a] = -strides[a];
    }
    return new View(dims, start, steps);
  }

  /** Along each axis {@code extents} elements from {@code starts} on, {@code steps} apart. */
  View part(int[] starts, int[] steps, int[] extents) {
    int start = offset + IntStream.range(0, dims.length).map(a -> starts[a] * strides[a]).sum();
    int[] apart = IntStream.range(0, dims.length).map(a -> steps[a] * strides[a]).toArray();
    return new View(extents, start, apart);
  }

  /** Axes of extent 1 repeated up to a shape. */
  View repeated(Shape shape) {
    int[] steps = IntStream.range(0, dims.length).map(a -> dims[a] == 1 ? 0 : strides[a]).toArray();
    return new View(shape.dims(), offset, steps);
  }

  /** All windows over the innermost axes: axes [.., outputs…, kernel…]. */
  View windows(Window window, Shape result) {
    int outer = dims.length - window.rank();
    int[] steps = Arrays.copyOf(strides, dims.length + window.rank());
    for (int a = 0; a < window.rank(); a++) {
      steps[outer + a] = strides[outer + a] * window.strides().get(a);
      steps[dims.length + a] = strides[outer + a] * window.dilations().get(a);
    }
    return new View(result.dims(), offset, steps);
  }
}
