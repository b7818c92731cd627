package wherefore.renderers;

import java.util.ArrayList;
import java.util.List;
import wherefore.render.Panel;
import wherefore.render.Scene;
import wherefore.render.Style;

/** Texts one below the other, each token on the colour of its attribution, all to one scale. */
final class TextFlow implements Page.Body {
  private record Box(double x, double y, double width, Runs.Run run, String text) {}

  private record Block(String title, List<Box> boxes, double height) {}

  private final double unit;
  private final double textWidth;
  private final double line;
  private final Type type;
  private final Type small;
  private final Type titleType;
  private final Scale scale;
  private final List<Block> blocks = new ArrayList<>();
  private final ColorBar bar;
  private final int barHeight;
  private final Legend legend;
  private final int depth;

  /** True if each panel has a text and a value for each of its tokens. */
  static boolean accepts(Scene scene) {
    return scene.panels().stream().allMatch(TextFlow::accepts);
  }

  private static boolean accepts(Panel p) {
    return p.values().shape().rank() >= 2
        && p.values().shape().rank() <= 3
        && p.passage().map(t -> t.tokens().size()).orElse(-1) == p.values().shape().dim(1);
  }

  TextFlow(Scene scene, Style style) {
    unit = Page.unit(style);
    textWidth = Math.max(style.size(), 420 * unit) * 1.25;
    type = new Type(Glyphs.REGULAR, 19 * unit);
    small = new Type(Glyphs.REGULAR, 12.5 * unit);
    titleType = new Type(Glyphs.REGULAR, 13.5 * unit);
    line = Math.round(34 * unit);
    List<Runs> texts = scene.panels().stream().map(Runs::of).toList();
    scale = Scale.of(texts.stream().map(Runs::values).toList(), style.percentile());
    for (int i = 0; i < texts.size(); i++) {
      blocks.add(block(scene.panels().get(i).title(), texts.get(i)));
    }
    depth = scene.panels().stream().mapToInt(p -> p.values().size() / tokens(p)).max().orElse(1);
    barHeight = (int) Math.round(Math.max(110 * unit, textHeight() - 34 * unit));
    bar = new ColorBar(scale, unit, barHeight);
    legend = new Legend(scale, unit, "token");
  }

  private static int tokens(Panel panel) {
    return Math.max(1, panel.values().shape().dim(1));
  }

  private Block block(String title, Runs runs) {
    List<Box> boxes = new ArrayList<>();
    double x = 0;
    double y = 0;
    List<Runs.Run> word = new ArrayList<>();
    for (Runs.Run run : broken(runs)) {
      boolean isBreak = run.text().isBlank() && run.role() == Runs.Role.GAP;
      if (!isBreak && run.role() != Runs.Role.ADDED && !startsWord(run)) {
        word.add(run);
        continue;
      }
      double[] end = placed(boxes, word, x, y);
      x = end[0];
      y = end[1];
      word.clear();
      if (run.text().contains("\n")) {
        x = 0;
        y += line;
      } else if (isBreak) {
        x += type.width(" ");
      } else {
        word.add(run);
      }
    }
    double[] end = placed(boxes, word, x, y);
    return new Block(title, boxes, end[1] + line);
  }

  private static boolean startsWord(Runs.Run run) {
    return Character.isWhitespace(run.text().charAt(0));
  }

  /** Gaps in words and blanks, as a line may break there. */
  private static List<Runs.Run> broken(Runs runs) {
    List<Runs.Run> parts = new ArrayList<>();
    for (Runs.Run run : runs.runs()) {
      if (run.role() == Runs.Role.GAP) {
        run.text()
            .codePoints()
            .forEach(c -> parts.add(new Runs.Run(Character.toString(c), run.role(), 0)));
      } else {
        parts.add(run);
      }
    }
    return parts;
  }

  private double[] placed(List<Box> boxes, List<Runs.Run> word, double from, double top) {
    double width = word.stream().mapToDouble(this::width).sum();
    boolean isNext = from > 0 && from + width > textWidth;
    double x = isNext ? 0 : from;
    double y = isNext ? top + line : top;
    for (Runs.Run run : word) {
      double wide = width(run);
      if (x > 0 && x + wide > textWidth) {
        x = 0;
        y += line;
      }
      boxes.add(new Box(x, y, wide, run, shown(run)));
      x += wide + (run.role() == Runs.Role.ADDED ? 4 * unit : 0);
    }
    return new double[] {x, y};
  }

  private double width(Runs.Run run) {
    return run.role() == Runs.Role.ADDED
        ? small.width(run.text()) + 10 * unit
        : type.width(shown(run)) + 2 * unit;
  }

  private String shown(Runs.Run run) {
    String text = run.text().replaceAll("\\s", " ");
    return type.shorten(text, textWidth - 4 * unit);
  }

  private double textHeight() {
    return blocks.stream().mapToDouble(b -> b.height() + 34 * unit).sum();
  }

  @Override
  public double width() {
    return Math.max(textWidth + 28 * unit + bar.width(), legend.width());
  }

  @Override
  public double height() {
    return Math.max(textHeight(), barHeight + 34 * unit) + legend.height();
  }

  @Override
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (depth > 1) {
      notes.add("Attributions are summed over the %d components of a token.".formatted(depth));
    }
    if (blocks.size() > 1) {
      notes.add("All texts share one scale.");
    }
    notes.addAll(scale.notes());
    return notes;
  }

  @Override
  public void draw(Canvas canvas, double x, double y) {
    double top = y;
    for (Block block : blocks) {
      String title = titleType.shorten(block.title(), textWidth);
      canvas.text(x, top + titleType.size(), title, titleType, Ink.TEXT, Canvas.Anchor.START);
      for (Box box : block.boxes()) {
        draw(canvas, x, top + 26 * unit, box);
      }
      top += block.height() + 34 * unit;
    }
    bar.draw(canvas, Math.round(x + textWidth + 28 * unit), Math.round(y + 28 * unit));
    legend.draw(canvas, x, y + height() - legend.height());
  }

  private void draw(Canvas canvas, double x, double y, Box box) {
    Runs.Run run = box.run();
    boolean isAdded = run.role() == Runs.Role.ADDED;
    double height = Math.round(26 * unit);
    double left = x + box.x();
    double top = y + box.y();
    int color = Ink.PAPER;
    if (run.role() != Runs.Role.GAP) {
      color = back(canvas, left, top, box.width(), height, run.value());
    }
    Type face = isAdded ? small : type;
    double base = top + height / 2 + 0.36 * face.size();
    canvas.text(
        left + (isAdded ? 5 : 1) * unit,
        base,
        box.text(),
        face,
        Ink.readable(color),
        Canvas.Anchor.START);
  }

  private int back(Canvas canvas, double x, double y, double width, double height, double value) {
    if (Double.isFinite(value)) {
      int color = scale.color(value);
      canvas.rectangle(x, y, Math.max(1, width - 1), height, color);
      return color;
    }
    int[] cells = new int[16];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = Ink.over(Ink.of(scale, value, (i + i / 4) % 2 != 0), Ink.PAPER, 0.4);
    }
    canvas.cells(x, y, Math.max(4, width - 1), height, 4, cells);
    return Ink.PAPER;
  }
}
