package wherefore.readers;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.Raster;

/**
 * A decoded image, row by row, at the file's precision. Java's own conversion to RGB rounds to
 * eight bits and takes grey samples as linear light, which they are not in files.
 */
sealed interface Samples permits Samples.Components, Samples.Packed, Turned {
  /**
   * One row as red, green, blue from 0 to 1, on white where it is transparent.
   *
   * @param y the row
   * @param rgb filled with three numbers a column
   */
  default void row(int y, float[] rgb) {
    read(0, y, rgb.length / 3, 1, rgb);
  }

  /**
   * A part of a row or of a column, as {@link #row}.
   *
   * @param x of its first pixel
   * @param y of its first pixel
   * @param across how many columns
   * @param down how many rows
   */
  void read(int x, int y, int across, int down, float[] rgb);

  static Samples of(BufferedImage image) {
    ColorModel model = image.getColorModel();
    int space = model.getColorSpace().getType();
    boolean plain = space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB;
    return model instanceof ComponentColorModel && plain && !model.isAlphaPremultiplied()
        ? new Components(image.getRaster(), model.hasAlpha(), model.getComponentSize())
        : new Packed(image);
  }

  /** A sample each for grey or red, green and blue, and perhaps opacity. */
  record Components(Raster raster, boolean alpha, int[] bits) implements Samples {
    @Override
    public void read(int left, int y, int across, int down, float[] rgb) {
      int bands = raster.getNumBands();
      int[] row = raster.getPixels(left, y, across, down, (int[]) null);
      int colours = alpha ? bands - 1 : bands;
      for (int x = 0; x < across * down; x++) {
        double opacity = alpha ? part(row[x * bands + bands - 1], bands - 1) : 1;
        for (int c = 0; c < 3; c++) {
          int band = colours == 1 ? 0 : c;
          rgb[3 * x + c] = onWhite(part(row[x * bands + band], band), opacity);
        }
      }
    }

    private double part(int sample, int band) {
      return sample / (double) ((1L << bits[band]) - 1);
    }
  }

  /** Colours by number, or packed into an integer: eight bits at most in all formats. */
  record Packed(BufferedImage image) implements Samples {
    @Override
    public void read(int left, int y, int across, int down, float[] rgb) {
      int[] row = image.getRGB(left, y, across, down, null, 0, across);
      for (int x = 0; x < row.length; x++) {
        double opacity = (row[x] >>> 24) / 255.0;
        for (int c = 0; c < 3; c++) {
          rgb[3 * x + c] = onWhite((row[x] >> (16 - 8 * c) & 0xff) / 255.0, opacity);
        }
      }
    }
  }

  private static float onWhite(double sample, double opacity) {
    return (float) (opacity * sample + (1 - opacity));
  }
}
