package wherefore.backend.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A common way through tensors of one shape: few axes, outermost first, with each tensor's distance
 * along them. Axes that all tensors step over alike are joined; the order is the first tensor's.
 *
 * @param dims extents
 * @param strides for each tensor the distance along each axis, in elements
 */
record Walk(long[] dims, List<long[]> strides) {
  /** The way through tensors of one shape, the first one's neighbours innermost. */
  static Walk of(List<View> views) {
    int block = views.stream().mapToInt(v -> v.format().block()).max().orElse(1);
    View first = views.get(0);
    long[] dims = block == 1 ? first.dims() : cutDims(first.dims(), block);
    List<long[]> strides = new ArrayList<>();
    for (View view : views) {
      strides.add(block == 1 ? view.strides() : cutStrides(view, block));
    }
    return sorted(dims, strides).joined();
  }

  /** The channel axis as blocks and, innermost, channels of a block. */
  private static long[] cutDims(long[] dims, int block) {
    long[] cut = Arrays.copyOf(dims, dims.length + 1);
    cut[1] = dims[1] / block;
    cut[dims.length] = block;
    return cut;
  }

  private static long[] cutStrides(View view, int block) {
    long[] cut = Arrays.copyOf(view.strides(), view.rank() + 1);
    boolean own = view.isBlocked();
    cut[1] = own ? view.strides()[1] : view.strides()[1] * block;
    cut[view.rank()] = own ? 1 : view.strides()[1];
    return cut;
  }

  private static Walk sorted(long[] dims, List<long[]> strides) {
    long[] first = strides.get(0);
    int[] order =
        IntStream.range(0, dims.length)
            .filter(a -> dims[a] != 1)
            .boxed()
            .sorted(Comparator.comparingLong((Integer a) -> -Math.abs(first[a])))
            .mapToInt(Integer::intValue)
            .toArray();
    return new Walk(
        pick(dims, order), new ArrayList<>(strides.stream().map(s -> pick(s, order)).toList()));
  }

  private static long[] pick(long[] values, int[] order) {
    return IntStream.of(order).mapToLong(a -> values[a]).toArray();
  }

  private Walk joined() {
    List<Integer> ends = new ArrayList<>();
    List<Long> extents = new ArrayList<>();
    for (int a = 0; a < dims.length; a++) {
      if (a > 0 && joins(a - 1)) {
        int last = ends.size() - 1;
        ends.set(last, a);
        extents.set(last, extents.get(last) * dims[a]);
      } else {
        ends.add(a);
        extents.add(dims[a]);
      }
    }
    if (ends.isEmpty()) {
      return new Walk(new long[] {1}, strides.stream().map(s -> new long[] {1}).toList());
    }
    int[] order = ends.stream().mapToInt(Integer::intValue).toArray();
    return new Walk(
        extents.stream().mapToLong(Long::longValue).toArray(),
        strides.stream().map(s -> pick(s, order)).toList());
  }

  private boolean joins(int outer) {
    return strides.stream().allMatch(s -> s[outer] == s[outer + 1] * dims[outer + 1]);
  }

  long size() {
    long size = 1;
    for (long d : dims) {
      size *= d;
    }
    return size;
  }

  /** True if a tensor has one and the same element everywhere. */
  boolean isUniform(int tensor) {
    return Arrays.stream(strides.get(tensor)).allMatch(s -> s == 0)
        || (size() == 1 && dims.length == 1);
  }
}
