package wherefore.graph;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A box cut out of a value: out of the patch where that lies, else out of the known value, else
 * padding.
 *
 * <p>The positions it is taken from are numbered: first those of the known value, then one of
 * padding if a box needs it, then those of the patches, row after row.
 *
 * @param name of the input that says which position goes where; empty for an operand that is not
 *     cut
 * @param node whose value it is cut out of
 * @param box what is cut
 * @param padding the value outside of the axes
 * @param patch where patches lie, if the value changes
 * @param shape of one row of the value
 */
record Cut(String name, int node, Boxes box, double padding, Optional<Boxes> patch, Shape shape) {
  Cut(String name, int node, Boxes box, double padding, Optional<Boxes> patch, Graph graph) {
    this(name, node, box, padding, patch, graph.node(node).shape());
  }

  /** An operand as it is. */
  static Cut none(int node, Graph graph) {
    return new Cut("", node, new Boxes(List.of(), List.of()), 0, Optional.empty(), graph);
  }

  boolean isNone() {
    return name.isEmpty();
  }

  /** False if the box is the patch, or nothing is cut. */
  boolean isMade() {
    return !isNone() && !patch.map(p -> p.isSame(box)).orElse(false);
  }

  boolean isPadded() {
    return box.leaves(shape);
  }

  /** The number of the position that is padding. */
  private int outside() {
    return Arrays.stream(Boxes.spatial(shape)).reduce(1, Math::multiplyExact);
  }

  /** For a range of rows the numbers of the positions, int64 [to − from, positions of the box]. */
  Tensor places(int from, int to) {
    int size = box.size();
    long[] places = new long[(to - from) * size];
    int first = outside() + (isPadded() ? 1 : 0);
    for (int row = from; row < to; row++) {
      int patches = first + (row - from) * patch.map(Boxes::size).orElse(0);
      for (int p = 0; p < size; p++) {
        places[(row - from) * size + p] = place(row, p, patches);
      }
    }
    return Tensor.of(Shape.of(to - from, size), places);
  }

  private long place(int row, int position, int patches) {
    int[] dims = Boxes.spatial(shape);
    int rest = position;
    int whole = 0;
    int step = 1;
    int within = 0;
    int stride = 1;
    boolean changed = patch.isPresent();
    for (int a = dims.length - 1; a >= 0; a--) {
      int extent = box.extents().get(a);
      int at = box.starts().get(a)[row] + rest % extent;
      rest /= extent;
      if (at < 0 || at >= dims[a]) {
        return outside();
      }
      whole += at * step;
      step *= dims[a];
      if (changed) {
        Boxes p = patch.get();
        int inside = at - p.starts().get(a)[row];
        changed = inside >= 0 && inside < p.extents().get(a);
        within += inside * stride;
        stride *= p.extents().get(a);
      }
    }
    return changed ? patches + within : whole;
  }
}
