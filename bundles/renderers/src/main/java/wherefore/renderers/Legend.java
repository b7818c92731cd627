package wherefore.renderers;

import java.util.ArrayList;
import java.util.List;

/** What is not finite: how it is drawn, and how often it occurs. */
final class Legend {
  private record Entry(double value, String text) {}

  private final Scale scale;
  private final double unit;
  private final Type type;
  private final List<Entry> entries = new ArrayList<>();

  /**
   * The legend of a scale.
   *
   * @param noun what has a value: {@code cell}
   */
  Legend(Scale scale, double unit, String noun) {
    this.scale = scale;
    this.unit = unit;
    this.type = new Type(Glyphs.REGULAR, 12.5 * unit);
    add(Double.NaN, scale.nans(), noun);
    add(Double.POSITIVE_INFINITY, scale.above(), noun);
    add(Double.NEGATIVE_INFINITY, scale.below(), noun);
  }

  private void add(double value, int count, String noun) {
    if (count > 0) {
      String text = "%s: %d %s%s".formatted(Numerals.of(value), count, noun, count == 1 ? "" : "s");
      entries.add(new Entry(value, text));
    }
  }

  double height() {
    return entries.isEmpty() ? 0 : 32 * unit;
  }

  double width() {
    return entries.stream().mapToDouble(this::width).sum();
  }

  private double width(Entry entry) {
    return 46 * unit + type.width(entry.text);
  }

  void draw(Canvas canvas, double x, double y) {
    double left = x;
    int size = (int) Math.round(16 * unit);
    for (Entry entry : entries) {
      int[] cells = new int[16];
      for (int i = 0; i < cells.length; i++) {
        cells[i] = Ink.of(scale, entry.value, (i + i / 4) % 2 != 0);
      }
      canvas.rectangle(
          Math.round(left) - 1, Math.round(y + 14 * unit) - 1, size + 2, size + 2, Ink.LINE);
      canvas.cells(Math.round(left), Math.round(y + 14 * unit), size, size, 4, cells);
      canvas.text(
          left + 24 * unit, y + 26.5 * unit, entry.text, type, Ink.TEXT, Canvas.Anchor.START);
      left += width(entry);
    }
  }
}
