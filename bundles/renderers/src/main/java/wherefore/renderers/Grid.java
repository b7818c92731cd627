package wherefore.renderers;

import java.util.Arrays;
import java.util.Optional;
import wherefore.render.Panel;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Values over a plane.
 *
 * @param rows how many
 * @param columns how many
 * @param values row by row
 * @param channels how many were summed for each
 */
record Grid(int rows, int columns, double[] values, int channels) {
  /**
   * The plane of a panel's values: [1, row, column]; or [1, channel, row, column] and [1, row,
   * column, channel], summed over the channels. Which of the two it is, the picture's size tells,
   * and without one a last axis of 1 or 3; else channels come first.
   */
  static Optional<Grid> of(Panel panel) {
    Shape shape = panel.values().shape();
    boolean one = shape.rank() > 0 && shape.dim(0) == 1 && shape.size() > 0;
    return switch (one ? shape.rank() : 0) {
      case 3 -> Optional.of(sum(panel.values(), 1, shape.dim(1), shape.dim(2), false));
      case 4 -> Optional.of(images(panel, shape));
      default -> Optional.empty();
    };
  }

  private static Grid images(Panel panel, Shape shape) {
    return channelsLast(panel, shape)
        ? sum(panel.values(), shape.dim(3), shape.dim(1), shape.dim(2), true)
        : sum(panel.values(), shape.dim(1), shape.dim(2), shape.dim(3), false);
  }

  private static boolean channelsLast(Panel panel, Shape shape) {
    if (panel.picture().isPresent()) {
      Shape picture = panel.picture().get().shape().axes(0, 2);
      boolean first = shape.axes(2, 4).equals(picture);
      boolean last = shape.axes(1, 3).equals(picture);
      if (first != last) {
        return last;
      }
    }
    return isColours(shape.dim(3)) && !isColours(shape.dim(1));
  }

  private static boolean isColours(int extent) {
    return extent == 1 || extent == 3;
  }

  private static Grid sum(Tensor values, int channels, int rows, int columns, boolean last) {
    double[] sums = new double[rows * columns];
    for (int i = 0; i < values.size(); i++) {
      sums[last ? i / channels : i % sums.length] += values.get(i);
    }
    return new Grid(rows, columns, sums, channels);
  }

  /** The value at a point, both coordinates from 0 to 1. */
  double at(double y, double x) {
    return values[(int) (y * rows) * columns + (int) (x * columns)];
  }

  boolean isFinite() {
    return Arrays.stream(values).allMatch(Double::isFinite);
  }
}
