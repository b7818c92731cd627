package wherefore.renderers;

import java.util.ArrayList;
import java.util.List;
import wherefore.render.Panel;
import wherefore.render.Scene;
import wherefore.render.Style;

/** Many values without names as a strip: a thin bar for each, in order, upwards or downwards. */
final class Signal implements Page.Body {
  private static final int FEW = 40;
  private static final double FULL = 0.85;

  private final double unit;
  private final double width;
  private final double plot;
  private final double head;
  private final double foot;
  private final double side;
  private final Type type;
  private final Scale scale;
  private final List<Panel> panels;
  private final List<double[]> values;

  Signal(Scene scene, Style style) {
    unit = Page.unit(style);
    panels = scene.panels();
    values = panels.stream().map(Bars::values).toList();
    scale = Scale.of(values, style.percentile());
    type = new Type(Glyphs.REGULAR, 12.5 * unit);
    width = Math.round(1.5 * style.size());
    plot = Math.round(150 * unit);
    head = 24 * unit;
    foot = 30 * unit;
    side = type.width(Numerals.of(-scale.limit())) + 12 * unit;
  }

  /** True if no panel has names, and one has more values than a person reads one by one. */
  static boolean accepts(Scene scene) {
    return scene.panels().stream().allMatch(p -> p.features().isEmpty())
        && scene.panels().stream().anyMatch(p -> p.values().size() > FEW);
  }

  @Override
  public double width() {
    return side + width;
  }

  @Override
  public double height() {
    return panels.size() * (head + plot + foot);
  }

  @Override
  public List<String> notes() {
    List<String> notes = new ArrayList<>(scale.notes());
    if (panels.size() > 1) {
      notes.add(0, "All panels share one scale.");
    }
    if (scale.nans() + scale.above() + scale.below() > 0) {
      notes.add(
          "Not finite: NaN in %d (green), +∞ in %d, −∞ in %d (black)."
              .formatted(scale.nans(), scale.above(), scale.below()));
    }
    return notes;
  }

  @Override
  public void draw(Canvas canvas, double x, double y) {
    for (int i = 0; i < panels.size(); i++) {
      double top = Math.round(y + i * (head + plot + foot) + head);
      canvas.text(
          x + side,
          top - 0.6 * type.size(),
          type.shorten(panels.get(i).title(), width),
          type,
          Ink.TEXT,
          Canvas.Anchor.START);
      strip(canvas, x + side, top, values.get(i));
      labels(canvas, x + side, top, values.get(i).length);
    }
  }

  private double zero() {
    return scale.isSigned() ? plot / 2 : plot;
  }

  private void strip(Canvas canvas, double x, double y, double[] strip) {
    double step = width / strip.length;
    double reach = zero();
    for (int i = 0; i < strip.length; i++) {
      double value = strip[i];
      double part = Double.isNaN(value) ? 1 : scale.part(value);
      double length = Math.abs(part) * reach;
      double top = part < 0 ? y + reach : y + reach - length;
      canvas.rectangle(x + i * step, top, step * 0.86, length, color(value));
    }
    canvas.rectangle(x, Math.round(y + reach), width, 1, Ink.TEXT);
  }

  private int color(double value) {
    if (Double.isFinite(value)) {
      return scale.map().rgb(FULL * Math.signum(value));
    }
    return Double.isNaN(value) ? Ink.NAN : Ink.INFINITE;
  }

  private void labels(Canvas canvas, double x, double y, int count) {
    double[] marks = scale.isSigned() ? new double[] {1, 0, -1} : new double[] {1, 0};
    for (double mark : marks) {
      if (mark == 0 || scale.limit() > 0) {
        double base = y + zero() * (1 - mark) + 0.36 * type.size();
        String label = Numerals.of(mark * scale.limit());
        canvas.text(x - 6 * unit, base, label, type, Ink.TEXT, Canvas.Anchor.END);
      }
    }
    double base = y + plot + 18 * unit;
    canvas.text(x, base, "0", type, Ink.TEXT, Canvas.Anchor.START);
    String last = Integer.toString(count - 1);
    canvas.text(x + width, base, last, type, Ink.TEXT, Canvas.Anchor.END);
  }
}
