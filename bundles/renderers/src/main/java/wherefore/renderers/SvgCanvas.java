package wherefore.renderers;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

/** SVG 1.1: text stays text, cells are an embedded picture of one pixel each. */
final class SvgCanvas implements Canvas {
  private final StringBuilder svg = new StringBuilder();

  SvgCanvas(double width, double height) {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"%s\" height=\"%s\" viewBox=\"0 0 %1$s %2$s\" font-family=\"'Open Sans', Helvetica, Arial, sans-serif\">",
        number(Math.ceil(width)), number(Math.ceil(height)));
  }

  private void add(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String number(double value) {
    double rounded = Math.rint(value * 100) / 100;
    return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
  }

  private static String color(int color) {
    return String.format("#%06x", color);
  }

  @Override
  public void rectangle(double x, double y, double width, double height, int color) {
    add(
        "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>",
        number(x), number(y), number(width), number(height), color(color));
  }

  @Override
  public void cells(double x, double y, double width, double height, int columns, int[] cells) {
    int rows = cells.length / columns;
    BufferedImage image = new BufferedImage(columns, rows, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, columns, rows, cells, 0, columns);
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      RasterCanvas.writePng(image, png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    add(
        "<image x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" xlink:href=\"data:image/png;base64,%s\"/>",
        number(x),
        number(y),
        number(width),
        number(height),
        Base64.getEncoder().encodeToString(png.toByteArray()));
  }

  @Override
  public void text(double x, double y, String text, Type type, int color, Anchor anchor) {
    add(
        "<text x=\"%s\" y=\"%s\" font-size=\"%s\"%s text-anchor=\"%s\" fill=\"%s\">%s</text>",
        number(x),
        number(y),
        number(type.size()),
        type.glyphs() == Glyphs.SEMIBOLD ? " font-weight=\"600\"" : "",
        anchor.name().toLowerCase(Locale.ROOT),
        color(color),
        escape(text));
  }

  private static String escape(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '&' -> out.append("&amp;");
                default -> out.appendCodePoint(c < 0x20 || c == 0xfffe || c == 0xffff ? ' ' : c);
              }
            });
    return out.toString();
  }

  @Override
  public void write(OutputStream out) throws IOException {
    svg.append("</svg>\n");
    out.write(svg.toString().getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
