package wherefore.renderers;

import java.util.Optional;
import wherefore.render.Style;
import wherefore.tensor.Tensor;

/**
 * An image within a heat map picture.
 *
 * @param title above it
 * @param width in pixels
 * @param height in pixels
 * @param columns of the cells
 * @param cells colours, row by row
 */
record Tile(String title, int width, int height, int columns, int[] cells) {
  /**
   * What black is below values: dark enough to see the input, pale enough to keep their colours.
   */
  private static final double LIGHT = 128;

  /** What was explained, in its colours. */
  static Tile input(Tensor picture, Style style) {
    int rows = picture.shape().dim(0);
    int columns = picture.shape().dim(1);
    int[] cells = new int[rows * columns];
    for (int i = 0; i < cells.length; i++) {
      cells[i] =
          sample(picture, 3 * i) << 16
              | sample(picture, 3 * i + 1) << 8
              | sample(picture, 3 * i + 2);
    }
    int zoom = zoom(rows, columns, style);
    return new Tile("input", columns * zoom, rows * zoom, columns, cells);
  }

  private static int sample(Tensor picture, int index) {
    double value = picture.get(index);
    return Double.isNaN(value) ? 0 : (int) Math.round(255 * Math.clamp(value, 0, 1));
  }

  /** Whole pixels a cell, so that all cells are alike. */
  private static int zoom(int rows, int columns, Style style) {
    return Math.max(1, style.size() / Math.max(rows, columns));
  }

  /** Values in colours, over the picture in light grey if there is one. */
  static Tile map(String title, Grid grid, Optional<Tensor> picture, Scale scale, Style style) {
    int rows = picture.map(p -> p.shape().dim(0)).orElse(grid.rows());
    int columns = picture.map(p -> p.shape().dim(1)).orElse(grid.columns());
    int zoom = zoom(rows, columns, style);
    boolean aligned = rows % grid.rows() == 0 && columns % grid.columns() == 0;
    int fine = !aligned ? zoom : grid.isFinite() ? 1 : 2;
    int[] cells = new int[rows * fine * columns * fine];
    for (int i = 0; i < cells.length; i++) {
      double y = (i / (columns * fine) + 0.5) / (rows * fine);
      double x = (i % (columns * fine) + 0.5) / (columns * fine);
      cells[i] = color(grid, picture, scale, style, y, x);
    }
    return new Tile(title, columns * zoom, rows * zoom, columns * fine, cells);
  }

  private static int color(
      Grid grid, Optional<Tensor> picture, Scale scale, Style style, double y, double x) {
    double value = grid.at(y, x);
    boolean odd = ((int) (2 * y * grid.rows()) + (int) (2 * x * grid.columns())) % 2 != 0;
    int color = Ink.of(scale, value, odd);
    return picture.isEmpty() || !Double.isFinite(value)
        ? color
        : Ink.over(color, grey(picture.get(), y, x), style.opacity());
  }

  private static int grey(Tensor picture, double y, double x) {
    int rows = picture.shape().dim(0);
    int columns = picture.shape().dim(1);
    int at = 3 * ((int) (y * rows) * columns + (int) (x * columns));
    double grey =
        0.299 * sample(picture, at)
            + 0.587 * sample(picture, at + 1)
            + 0.114 * sample(picture, at + 2);
    return (int) Math.round(LIGHT + (255 - LIGHT) * grey / 255) * 0x010101;
  }
}
