package wherefore.graph;

import java.util.List;
import java.util.Locale;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

/**
 * An operator that every backend has a kernel for. The set is closed under differentiation: each
 * linear one has its adjoint here (named below), and the derivatives of the others are primitives
 * again.
 *
 * <p>Primitives don't stretch their operands: two operands of an element-wise one have one shape,
 * an {@link Expand} makes it so. Reductions keep the reduced axis with extent 1.
 */
public sealed interface Primitive extends Op {
  /** y = f(x), element by element. */
  record Unary(UnaryFunction function) implements Primitive {
    @Override
    public String name() {
      return function.name().toLowerCase(Locale.ROOT);
    }
  }

  /** y = f(a, b), element by element; a and b are of one type. */
  record Binary(BinaryFunction function) implements Primitive {
    @Override
    public String name() {
      return function.name().toLowerCase(Locale.ROOT);
    }
  }

  /** Whether a relation holds, element by element; the result is bool. */
  record Compare(Comparison relation) implements Primitive {
    @Override
    public String name() {
      return relation.name().toLowerCase(Locale.ROOT);
    }
  }

  /** (condition, a, b): a where the condition holds, else b. */
  record Where() implements Primitive {}

  /** The elements converted; floating to integer rounds towards zero, anything but 0 is true. */
  record Cast(ElementType to) implements Primitive {}

  /** (a, b, …): the operands one behind the other along an axis. Adjoint: slices. */
  record Concat(int axis) implements Primitive {}

  /** The same elements, row-major, under another shape. Adjoint: itself, back. */
  record Reshape(Shape shape) implements Primitive {}

  /** Axis i of the result is axis {@code permutation[i]} of the operand. Adjoint: its inverse. */
  record Transpose(List<Integer> permutation) implements Primitive {
    /** Copies the list. */
    public Transpose {
      permutation = List.copyOf(permutation);
    }
  }

  /** The elements in opposite order along the axes. Adjoint: itself. */
  record Reverse(List<Integer> axes) implements Primitive {
    /** Copies the list. */
    public Reverse {
      axes = List.copyOf(axes);
    }
  }

  /**
   * Along each axis the elements start, start + step, … below end; one entry an axis. Adjoint:
   * {@link Pad}.
   */
  record Slice(List<Integer> starts, List<Integer> ends, List<Integer> steps) implements Primitive {
    /** Copies the lists. */
    public Slice {
      starts = List.copyOf(starts);
      ends = List.copyOf(ends);
      steps = List.copyOf(steps);
    }
  }

  /**
   * Along each axis {@code before} new elements, the operand's with {@code between} new ones
   * between neighbours, {@code after} new ones; all new ones have one value. Adjoint: {@link
   * Slice}.
   */
  record Pad(List<Integer> before, List<Integer> after, List<Integer> between, double value)
      implements Primitive {
    /** Copies the lists. */
    public Pad {
      before = List.copyOf(before);
      after = List.copyOf(after);
      between = List.copyOf(between);
    }
  }

  /** Axes of extent 1 repeated up to the shape, of the same rank. Adjoint: {@link ReduceSum}. */
  record Expand(Shape shape) implements Primitive {}

  /** The sum over the axes, which stay with extent 1. Adjoint: {@link Expand}. */
  record ReduceSum(List<Integer> axes) implements Primitive {
    /** Copies the list. */
    public ReduceSum {
      axes = List.copyOf(axes);
    }
  }

  /** The maximum along an axis, which stays with extent 1; NaN if one is. */
  record ReduceMax(int axis) implements Primitive {}

  /** The index (int64) of the first maximum along an axis, which stays with extent 1. */
  record ArgMax(int axis) implements Primitive {}

  /**
   * (a, b): the matrix product over the two innermost axes, [.., m, k] · [.., k, n] → [.., m, n],
   * each operand's two axes swapped before if so said; the other axes agree. Adjoint: itself.
   */
  record MatMul(boolean transposeA, boolean transposeB) implements Primitive {}

  /**
   * (x, w) or (x, w, bias): cross-correlation. x [N, C, spatial…], w [M, C/group, kernel…], bias
   * [M]; y [N, M, spatial…] = bias + Σ over channels of the group and taps. Padding counts as 0.
   * Adjoint: {@link ConvTranspose}.
   */
  record Conv(Window window, int group) implements Primitive {}

  /**
   * (x, w) or (x, w, bias): the adjoint of {@link Conv}. x [N, C, spatial…], w [C, M/group,
   * kernel…], bias [M]; y [N, M, (spatial − 1) · stride + reach − pads + outputPadding…].
   */
  record ConvTranspose(Window window, List<Integer> outputPadding, int group) implements Primitive {
    /** Copies the list. */
    public ConvTranspose {
      outputPadding = List.copyOf(outputPadding);
    }
  }

  /**
   * (data, indices): the slices of data along an axis that the int64 indices name; the indices'
   * axes stand in that axis' place. A negative index counts from the end. Adjoint: {@link
   * ScatterAdd}.
   */
  record Gather(int axis) implements Primitive {}

  /**
   * (updates, indices): zeros with the given extent along an axis, to which each slice of updates
   * is added where its index says; the adjoint of {@link Gather}.
   */
  record ScatterAdd(int axis, int extent) implements Primitive {}

  /**
   * All windows over the innermost axes: [.., spatial…] → [.., outputs…, kernel…]. The window has
   * no padding. Adjoint: {@link OverlapAdd}.
   */
  record Windows(Window window) implements Primitive {}

  /**
   * Windows laid back and added where they overlap: [.., outputs…, kernel…] → [.., extents…]; the
   * adjoint of {@link Windows}.
   */
  record OverlapAdd(Window window, List<Integer> extents) implements Primitive {
    /** Copies the list. */
    public OverlapAdd {
      extents = List.copyOf(extents);
    }
  }
}
