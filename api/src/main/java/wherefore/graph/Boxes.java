package wherefore.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import wherefore.tensor.Shape;

/**
 * A box for each of many rows: along every spatial axis (all behind rows and channels) an interval.
 * The boxes of all rows have the same extents, so that one static graph computes any of them.
 *
 * @param extents one a spatial axis
 * @param starts for each spatial axis where the box begins, one a row
 */
public record Boxes(List<Integer> extents, List<int[]> starts) {
  /** Copies the lists. */
  public Boxes {
    extents = List.copyOf(extents);
    starts = List.copyOf(starts);
  }

  /** Of a row's value, first extent 1, the axes that boxes are of. */
  static int[] spatial(Shape shape) {
    return shape.rank() < 3 ? new int[0] : shape.axes(2, shape.rank()).dims();
  }

  /**
   * The smallest boxes of one size that hold given intervals and lie within the axes.
   *
   * @param lows for each spatial axis where the interval begins, one a row
   * @param highs where it ends (excluded)
   * @param shape of a row's value
   */
  public static Boxes around(List<int[]> lows, List<int[]> highs, Shape shape) {
    int[] dims = spatial(shape);
    List<Integer> extents = new ArrayList<>();
    List<int[]> starts = new ArrayList<>();
    for (int a = 0; a < dims.length; a++) {
      int extent = Math.min(1, dims[a]);
      for (int k = 0; k < lows.get(a).length; k++) {
        extent = Math.max(extent, highs.get(a)[k] - lows.get(a)[k]);
      }
      int most = dims[a] - extent;
      extents.add(extent);
      starts.add(Arrays.stream(lows.get(a)).map(low -> Math.clamp(low, 0, most)).toArray());
    }
    return new Boxes(extents, starts);
  }

  /** Everything, for so many rows. */
  static Boxes whole(Shape shape, int rows) {
    List<Integer> extents = Arrays.stream(spatial(shape)).boxed().toList();
    return new Boxes(extents, extents.stream().map(e -> new int[rows]).toList());
  }

  /** The positions in a box. */
  int size() {
    return extents.stream().reduce(1, Math::multiplyExact);
  }

  /** A value's shape cut to the boxes, with so many rows. */
  public Shape of(Shape shape, int rows) {
    Shape cut = shape.with(0, rows);
    for (int a = 0; a < extents.size(); a++) {
      cut = cut.with(a + 2, extents.get(a));
    }
    return cut;
  }

  boolean isSame(Boxes other) {
    boolean same = extents.equals(other.extents);
    for (int a = 0; same && a < extents.size(); a++) {
      same = Arrays.equals(starts.get(a), other.starts.get(a));
    }
    return same;
  }

  /** True if a box reaches over an axis' ends. */
  boolean leaves(Shape shape) {
    int[] dims = spatial(shape);
    for (int a = 0; a < dims.length; a++) {
      int most = dims[a] - extents.get(a);
      if (Arrays.stream(starts.get(a)).anyMatch(s -> s < 0 || s > most)) {
        return true;
      }
    }
    return false;
  }
}
