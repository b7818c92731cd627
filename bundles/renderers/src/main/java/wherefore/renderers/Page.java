package wherefore.renderers;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import wherefore.render.Scene;
import wherefore.render.Style;

/** A picture's frame: title above, notes and facts below, margins around. */
final class Page {
  /** What stands in the middle. */
  interface Body {
    double width();

    double height();

    void draw(Canvas canvas, double x, double y);

    /** What must be said of it. */
    List<String> notes();
  }

  private static final double LEADING = 1.45;

  private final Body body;
  private final double margin;
  private final double width;
  private final Type titleType;
  private final Type factType;
  private final List<String> title;
  private final List<String> facts = new ArrayList<>();

  Page(Scene scene, Style style, Body body) {
    double unit = unit(style);
    this.body = body;
    this.margin = 28 * unit;
    this.width = Math.max(body.width(), 420 * unit);
    this.titleType = new Type(Glyphs.SEMIBOLD, 19 * unit);
    this.factType = new Type(Glyphs.REGULAR, 12.5 * unit);
    this.title = scene.title().isBlank() ? List.of() : titleType.wrap(scene.title(), width);
    body.notes().forEach(note -> facts.addAll(factType.wrap(note, width)));
    scene.facts().forEach(fact -> facts.addAll(factType.wrap(fact, width)));
  }

  /** What lengths grow with: 1 for panels of 512 pixels; text never gets illegible. */
  static double unit(Style style) {
    return Math.max(0.8, style.size() / 512.0);
  }

  void draw(BiFunction<Double, Double, Canvas> canvases, OutputStream out) throws IOException {
    double line = titleType.size() * LEADING;
    double top = margin + title.size() * line + (title.isEmpty() ? 0 : margin * 0.4);
    double bottom = top + body.height() + (facts.isEmpty() ? 0 : margin * 0.6);
    double factLine = factType.size() * LEADING;
    double fullWidth = width + 2 * margin;
    double fullHeight = bottom + facts.size() * factLine + margin;
    Canvas canvas = canvases.apply(fullWidth, fullHeight);
    canvas.rectangle(0, 0, Math.ceil(fullWidth), Math.ceil(fullHeight), Ink.PAPER);
    lines(canvas, margin, title, titleType, Ink.TITLE);
    body.draw(canvas, Math.round(margin + (width - body.width()) / 2), Math.round(top));
    lines(canvas, bottom, facts, factType, Ink.TEXT);
    canvas.write(out);
  }

  private void lines(Canvas canvas, double top, List<String> lines, Type type, int color) {
    double y = top + type.size();
    for (String line : lines) {
      canvas.text(margin, y, line, type, color, Canvas.Anchor.START);
      y += type.size() * LEADING;
    }
  }
}
