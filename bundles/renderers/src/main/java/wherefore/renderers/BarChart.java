package wherefore.renderers;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import wherefore.render.Panel;
import wherefore.render.Scene;
import wherefore.render.Style;

/** Bars from left to right, a column of them for each panel, all to one scale. */
final class BarChart implements Page.Body {
  /** The place in the colour map that stands for a sign. */
  private static final double FULL = 0.85;

  private final double unit;
  private final double gap;
  private final double head;
  private final double row;
  private final double panelWidth;
  private final double nameWidth;
  private final double valueWidth;
  private final Type type;
  private final Type nameType;
  private final Scale scale;
  private final List<String> titles;
  private final List<Bars> panels;

  BarChart(Scene scene, Style style) {
    unit = Page.unit(style);
    gap = 36 * unit;
    head = 28 * unit;
    row = Math.round(23 * unit);
    type = new Type(Glyphs.REGULAR, 12.5 * unit);
    nameType = new Type(Glyphs.REGULAR, 13.5 * unit);
    panelWidth = Math.max(style.size(), 420 * unit);
    titles = scene.panels().stream().map(Panel::title).toList();
    panels = scene.panels().stream().map(Bars::of).toList();
    scale = Scale.of(panels.stream().map(BarChart::values).toList(), style.percentile());
    nameWidth = widest(b -> nameType.width(b.name()), 0.4 * panelWidth);
    valueWidth = widest(b -> type.width(Numerals.of(b.value())), 0.25 * panelWidth);
  }

  private static double[] values(Bars bars) {
    return bars.bars().stream().mapToDouble(Bars.Bar::value).toArray();
  }

  private double widest(ToDoubleFunction<Bars.Bar> width, double most) {
    double widest =
        panels.stream().flatMap(p -> p.bars().stream()).mapToDouble(width).max().orElse(0);
    return Math.min(widest, most);
  }

  private int rows() {
    return panels.stream().mapToInt(p -> p.bars().size()).max().orElseThrow();
  }

  @Override
  public double width() {
    return panels.size() * panelWidth + (panels.size() - 1) * gap;
  }

  @Override
  public double height() {
    return head + rows() * row + 24 * unit;
  }

  @Override
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    int depth = panels.stream().mapToInt(Bars::depth).max().orElseThrow();
    if (depth > 1) {
      notes.add("Attributions are summed over the %d components.".formatted(depth));
    }
    if (panels.size() > 1) {
      notes.add("All panels share one scale.");
    }
    notes.addAll(scale.notes());
    nonFinite().ifPresent(notes::add);
    return notes;
  }

  private Optional<String> nonFinite() {
    List<String> found = new ArrayList<>();
    addCount(found, "NaN", scale.nans());
    addCount(found, "+∞", scale.above());
    addCount(found, "−∞", scale.below());
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of("Not finite: " + String.join(", ", found) + ".");
  }

  private static void addCount(List<String> found, String name, int count) {
    if (count > 0) {
      found.add("%s in %d".formatted(name, count));
    }
  }

  @Override
  public void draw(Canvas canvas, double x, double y) {
    for (int i = 0; i < panels.size(); i++) {
      panel(canvas, x + i * (panelWidth + gap), y, titles.get(i), panels.get(i).bars());
    }
  }

  private void panel(Canvas canvas, double x, double y, String title, List<Bars.Bar> bars) {
    String shown = nameType.shorten(title, panelWidth);
    canvas.text(x, y + nameType.size(), shown, nameType, Ink.TEXT, Canvas.Anchor.START);
    double left = x + nameWidth + 12 * unit;
    double length = panelWidth - nameWidth - valueWidth - 24 * unit;
    double zero = scale.isSigned() ? left + length / 2 : left;
    double reach = scale.isSigned() ? length / 2 : length;
    double top = Math.round(y + head);
    for (int i = 0; i < bars.size(); i++) {
      bar(canvas, x, top + i * row, zero, reach, bars.get(i));
    }
    double bottom = top + bars.size() * row;
    canvas.rectangle(Math.round(zero), top, 1, bottom - top, Ink.TEXT);
    axis(canvas, zero, reach, bottom);
  }

  private void bar(Canvas canvas, double x, double y, double zero, double reach, Bars.Bar bar) {
    double base = y + row / 2 + 0.36 * type.size();
    String name = nameType.shorten(bar.name(), nameWidth);
    int ink = bar.rest() ? Ink.TEXT : Ink.TITLE;
    canvas.text(x + nameWidth, base, name, nameType, ink, Canvas.Anchor.END);
    canvas.text(x + panelWidth, base, Numerals.of(bar.value()), type, Ink.TEXT, Canvas.Anchor.END);
    if (Double.isNaN(bar.value())) {
      nan(canvas, zero, y);
      return;
    }
    double part = scale.part(bar.value());
    int full = scale.map().rgb(FULL * Math.signum(part));
    int color = bar.rest() ? Ink.over(full, Ink.PAPER, 0.5) : full;
    double length = Math.abs(part) * reach;
    canvas.rectangle(
        part < 0 ? zero - length : zero, y + 0.16 * row, length, Math.round(0.68 * row), color);
  }

  private void nan(Canvas canvas, double zero, double y) {
    int side = (int) Math.round(0.68 * row);
    int[] cells = new int[16];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = Ink.of(scale, Double.NaN, (i + i / 4) % 2 != 0);
    }
    canvas.cells(zero + 4 * unit, y + 0.16 * row, side, side, 4, cells);
  }

  private void axis(Canvas canvas, double zero, double reach, double y) {
    double[] marks = scale.isSigned() ? new double[] {-1, 0, 1} : new double[] {0, 1};
    for (double mark : marks) {
      if (mark == 0 || scale.limit() > 0) {
        double at = zero + mark * reach;
        canvas.rectangle(Math.round(at), y, 1, Math.round(5 * unit), Ink.TEXT);
        String label = Numerals.of(mark * scale.limit());
        canvas.text(at, y + 19 * unit, label, type, Ink.TEXT, Canvas.Anchor.MIDDLE);
      }
    }
  }
}
