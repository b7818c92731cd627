package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.jspecify.annotations.Nullable;
import wherefore.graph.GraphException;
import wherefore.graph.Window;
import wherefore.tensor.Shape;

/**
 * How DL4J slides a kernel over images or sequences. Its padding depends on the extents, so the
 * window is known when they are.
 *
 * @param kernel taps along each spatial axis
 * @param stride likewise
 * @param dilation likewise
 * @param padding likewise, before and after; only of {@code TRUNCATE} and {@code STRICT}
 * @param mode what happens at the border
 */
record SlidingKernel(
    List<Integer> kernel,
    List<Integer> stride,
    List<Integer> dilation,
    List<Integer> padding,
    Mode mode) {

  /** DL4J's convolution modes. */
  enum Mode {
    /** The last windows, if not whole, are left out. */
    TRUNCATE,
    /** As TRUNCATE, but every window must be whole. */
    STRICT,
    /** Padded to ⌈extent / stride⌉ windows, an odd one behind. */
    SAME,
    /** Padded in front only, so that no output sees later inputs. */
    CAUSAL
  }

  /** From DL4J's settings for the first {@code rank} spatial axes. */
  static SlidingKernel of(
      int rank,
      int[] kernel,
      int[] stride,
      int[] dilation,
      int[] padding,
      @Nullable ConvolutionMode mode) {
    return new SlidingKernel(
        first(rank, kernel),
        first(rank, stride),
        first(rank, dilation),
        first(rank, padding),
        mode(mode));
  }

  private static List<Integer> first(int rank, int[] values) {
    return IntStream.range(0, rank).mapToObj(i -> values[i]).toList();
  }

  /** Models older than the setting have none: they truncate. */
  private static Mode mode(@Nullable ConvolutionMode mode) {
    return switch (mode) {
      case null -> Mode.TRUNCATE;
      case Truncate -> Mode.TRUNCATE;
      case Strict -> Mode.STRICT;
      case Same -> Mode.SAME;
      case Causal -> Mode.CAUSAL;
    };
  }

  /**
   * The window over an operand [N, C, spatial…].
   *
   * @throws GraphException if the mode does not allow these extents
   */
  Window over(Shape operand) {
    List<Integer> before = new ArrayList<>();
    List<Integer> after = new ArrayList<>();
    for (int axis = 0; axis < kernel.size(); axis++) {
      int extent = operand.dim(axis + 2);
      int reach = (kernel.get(axis) - 1) * dilation.get(axis) + 1;
      switch (mode) {
        case TRUNCATE -> symmetric(axis, before, after);
        case STRICT -> {
          checkWhole(axis, extent, reach);
          symmetric(axis, before, after);
        }
        case SAME -> same(axis, extent, reach, before, after);
        case CAUSAL -> {
          before.add(reach - 1);
          after.add(0);
        }
      }
    }
    return new Window(kernel, stride, dilation, before, after);
  }

  private void symmetric(int axis, List<Integer> before, List<Integer> after) {
    before.add(padding.get(axis));
    after.add(padding.get(axis));
  }

  private void checkWhole(int axis, int extent, int reach) {
    int room = extent + 2 * padding.get(axis) - reach;
    if (room % stride.get(axis) != 0) {
      throw new GraphException(
          "convolution mode Strict: windows reaching over %d with stride %d leave %d of %d elements over"
              .formatted(reach, stride.get(axis), room % stride.get(axis), extent));
    }
  }

  private void same(int axis, int extent, int reach, List<Integer> before, List<Integer> after) {
    int outputs = (extent + stride.get(axis) - 1) / stride.get(axis);
    int total = (outputs - 1) * stride.get(axis) + reach - extent;
    if (total < -1) {
      throw new GraphException(
          "convolution mode Same: windows reaching over %d with stride %d cannot cover %d elements"
              .formatted(reach, stride.get(axis), extent));
    }
    int front = Math.max(0, total / 2);
    before.add(front);
    after.add(Math.max(0, total - front));
  }
}
