package wherefore.renderers;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** The colour scale with its numbers, from top to bottom. */
final class ColorBar {
  private final Scale scale;
  private final int height;
  private final double thickness;
  private final double tick;
  private final Type type;
  private final double[] marks;

  ColorBar(Scale scale, double unit, int height) {
    this.scale = scale;
    this.height = height;
    this.thickness = Math.round(16 * unit);
    this.tick = 5 * unit;
    this.type = new Type(Glyphs.REGULAR, 12.5 * unit);
    this.marks = marks(scale, height > 8 * type.size());
  }

  private static double[] marks(Scale scale, boolean many) {
    DoubleStream parts =
        scale.limit() == 0
            ? DoubleStream.of(0)
            : scale.isSigned()
                ? (many ? DoubleStream.of(1, 0.5, 0, -0.5, -1) : DoubleStream.of(1, 0, -1))
                : (many ? DoubleStream.of(1, 0.75, 0.5, 0.25, 0) : DoubleStream.of(1, 0));
    return parts.toArray();
  }

  private String label(double mark) {
    String number = Numerals.of(mark * scale.limit());
    boolean end = Math.abs(mark) == 1 && scale.beyond() > 0;
    return end ? (mark > 0 ? "≥ " : "≤ ") + number : number;
  }

  double width() {
    double labels = DoubleStream.of(marks).map(m -> type.width(label(m))).max().orElse(0);
    return thickness + 2 * tick + labels;
  }

  void draw(Canvas canvas, double x, double y) {
    canvas.rectangle(x - 1, y - 1, thickness + 2, height + 2, Ink.LINE);
    int steps = Math.min(height, 512);
    canvas.cells(
        x,
        y,
        thickness,
        height,
        1,
        IntStream.range(0, steps).map(i -> color(1 - (i + 0.5) / steps)).toArray());
    for (double mark : marks) {
      double at = y + height * (1 - place(mark));
      canvas.rectangle(x + thickness + 1, at - 0.5, tick, 1, Ink.TEXT);
      double base = at + 0.36 * type.size();
      canvas.text(x + thickness + 2 * tick, base, label(mark), type, Ink.TEXT, Canvas.Anchor.START);
    }
  }

  private double place(double mark) {
    return scale.limit() == 0 ? 0.5 : scale.isSigned() ? (mark + 1) / 2 : mark;
  }

  private int color(double place) {
    double part = scale.limit() == 0 ? 0 : scale.isSigned() ? 2 * place - 1 : place;
    return scale.map().rgb(part);
  }
}
