package wherefore.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The extents of a {@link Tensor}, outermost axis first. A shape without axes is a scalar's.
 *
 * <p>An axis may be named by a negative number, counted from the end: −1 is the innermost one.
 */
public final class Shape {
  /** The shape of a scalar. */
  public static final Shape SCALAR = new Shape(new int[0]);

  private final int[] dims;
  private final int size;

  private Shape(int[] dims) {
    this.dims = dims;
    this.size = product(dims);
  }

  /**
   * The shape with these extents.
   *
   * @throws IllegalArgumentException if one is negative or the number of elements exceeds 2³¹−1
   */
  public static Shape of(int... dims) {
    return new Shape(dims.clone());
  }

  /** As {@link #of(int...)}, from extents as a model file has them. */
  public static Shape of(long... dims) {
    return new Shape(
        Arrays.stream(dims)
            .mapToInt(
                d -> {
                  if (d < 0 || d > Integer.MAX_VALUE) {
                    throw new IllegalArgumentException(
                        "shape " + Arrays.toString(dims) + " has the extent " + d);
                  }
                  return (int) d;
                })
            .toArray());
  }

  private static int product(int[] dims) {
    long size = 1;
    boolean empty = false;
    for (int d : dims) {
      if (d < 0) {
        throw new IllegalArgumentException(
            "shape " + Arrays.toString(dims) + " has the negative extent " + d);
      }
      empty |= d == 0;
      size = Math.min(size * Math.max(d, 1), 1L << 32);
    }
    if (size > Integer.MAX_VALUE && !empty) {
      throw new IllegalArgumentException(
          "shape " + Arrays.toString(dims) + " has more than 2^31-1 elements");
    }
    return empty ? 0 : (int) size;
  }

  /** The number of axes. */
  public int rank() {
    return dims.length;
  }

  /** The number of elements; 1 for a scalar. */
  public int size() {
    return size;
  }

  /** The extent of an axis; a negative axis counts from the end. */
  public int dim(int axis) {
    return dims[axis(axis)];
  }

  /** All extents, a copy. */
  public int[] dims() {
    return dims.clone();
  }

  /**
   * An axis as a number from 0 to rank−1.
   *
   * @throws IllegalArgumentException if there is no such axis
   */
  public int axis(int axis) {
    int positive = axis < 0 ? axis + dims.length : axis;
    if (positive < 0 || positive >= dims.length) {
      throw new IllegalArgumentException("axis " + axis + " of shape " + this + " does not exist");
    }
    return positive;
  }

  /** The distance in elements between neighbours along each axis, row-major. */
  public int[] strides() {
    int[] strides = new int[dims.length];
    int step = 1;
    for (int a = dims.length - 1; a >= 0; a--) {
      strides[a] = step;
      step *= dims[a];
    }
    return strides;
  }

  /** This shape with one extent replaced. */
  public Shape with(int axis, int extent) {
    int[] copy = dims.clone();
    copy[axis(axis)] = extent;
    return new Shape(copy);
  }

  /** The axes from one (included) to another (excluded) as a shape of their own. */
  public Shape axes(int from, int to) {
    return new Shape(Arrays.copyOfRange(dims, from, to));
  }

  /** This shape's axes followed by another's. */
  public Shape concat(Shape inner) {
    int[] all = Arrays.copyOf(dims, dims.length + inner.dims.length);
    System.arraycopy(inner.dims, 0, all, dims.length, inner.dims.length);
    return new Shape(all);
  }

  /**
   * The shape to which two operands are stretched: aligned at the innermost axis, an extent 1 (or a
   * missing axis) takes the other's extent. These are NumPy's rules, and ONNX's.
   *
   * @throws IllegalArgumentException if two extents differ and neither is 1
   */
  public static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    int[] out = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int da = i <= a.rank() ? a.dims[a.rank() - i] : 1;
      int db = i <= b.rank() ? b.dims[b.rank() - i] : 1;
      if (da != db && da != 1 && db != 1) {
        throw new IllegalArgumentException("shapes " + a + " and " + b + " do not broadcast");
      }
      out[rank - i] = da == 1 ? db : da;
    }
    return new Shape(out);
  }

  /** True if a tensor of this shape can be stretched to {@code target} by {@link #broadcast}. */
  public boolean broadcastsTo(Shape target) {
    int shift = target.rank() - rank();
    return shift >= 0
        && IntStream.range(0, rank())
            .allMatch(a -> dims[a] == 1 || dims[a] == target.dims[a + shift]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  /** The extents in brackets: {@code [8,64,112,112]}. */
  @Override
  public String toString() {
    return Arrays.stream(dims)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(",", "[", "]"));
  }
}
