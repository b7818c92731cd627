package wherefore.renderers;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pixels, written as PNG: the same drawing gives the same bytes. */
final class RasterCanvas implements Canvas {
  private final BufferedImage image;
  private final Graphics2D graphics;

  RasterCanvas(double width, double height) {
    image =
        new BufferedImage(
            (int) Math.ceil(width), (int) Math.ceil(height), BufferedImage.TYPE_INT_RGB);
    graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
  }

  @Override
  public void rectangle(double x, double y, double width, double height, int color) {
    graphics.setColor(new Color(color));
    graphics.fill(new Rectangle2D.Double(x, y, width, height));
  }

  @Override
  public void cells(double x, double y, double width, double height, int columns, int[] cells) {
    int left = (int) Math.round(x);
    int top = (int) Math.round(y);
    int w = (int) Math.round(width);
    int h = (int) Math.round(height);
    int rows = cells.length / columns;
    int[] line = new int[w];
    for (int row = 0; row < h; row++) {
      int first = (int) ((long) row * rows / h) * columns;
      for (int column = 0; column < w; column++) {
        line[column] = cells[first + (int) ((long) column * columns / w)];
      }
      image.getRaster().setDataElements(left, top + row, w, 1, line);
    }
  }

  @Override
  public void text(double x, double y, String text, Type type, int color, Anchor anchor) {
    double start = x - offset(text, type, anchor);
    AffineTransform place = AffineTransform.getTranslateInstance(start, y);
    place.scale(type.size(), type.size());
    graphics.setColor(new Color(color));
    graphics.fill(place.createTransformedShape(type.glyphs().outline(text)));
  }

  private static double offset(String text, Type type, Anchor anchor) {
    return switch (anchor) {
      case START -> 0;
      case MIDDLE -> type.width(text) / 2;
      case END -> type.width(text);
    };
  }

  @Override
  public void write(OutputStream out) throws IOException {
    graphics.dispose();
    writePng(image, out);
  }

  /** In memory: Java's default would write a temporary file. */
  static void writePng(BufferedImage image, OutputStream out) throws IOException {
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      if (!ImageIO.write(image, "png", stream)) {
        throw new IOException("this Java runtime can't write PNG");
      }
    }
  }
}
