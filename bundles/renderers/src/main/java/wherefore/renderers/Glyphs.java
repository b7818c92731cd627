package wherefore.renderers;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A typeface of our own (Open Sans), drawn as outlines: text looks the same on every machine, also
 * where Java finds no fonts because fontconfig is missing. Characters that it lacks are taken from
 * the machine's fonts, if there are any, and are a box otherwise.
 */
final class Glyphs {
  /** For text. */
  static final Glyphs REGULAR = new Glyphs("regular.glyphs", Font.PLAIN);

  /** For titles. */
  static final Glyphs SEMIBOLD = new Glyphs("semibold.glyphs", Font.BOLD);

  private static final double UNIT = 1000;

  private record Glyph(Shape outline, double advance) {}

  private final int style;
  private final Map<Integer, String> lines;
  private final Map<Integer, Glyph> known = new ConcurrentHashMap<>();

  private Glyphs(String resource, int style) {
    this.style = style;
    this.lines = load(resource);
  }

  private static Map<Integer, String> load(String resource) {
    Map<Integer, String> lines = new HashMap<>();
    try (InputStream in = Objects.requireNonNull(Glyphs.class.getResourceAsStream(resource));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      reader
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> lines.put(Integer.valueOf(line.substring(0, line.indexOf(' '))), line));
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text's width for size 1. */
  double width(String text) {
    return text.codePoints().mapToDouble(code -> glyph(code).advance).sum() / UNIT;
  }

  /** A text's outline for size 1, its base line beginning at the origin. */
  Shape outline(String text) {
    Path2D all = new Path2D.Double(Path2D.WIND_NON_ZERO);
    double x = 0;
    for (int code : text.codePoints().toArray()) {
      all.append(
          AffineTransform.getTranslateInstance(x, 0).createTransformedShape(glyph(code).outline),
          false);
      x += glyph(code).advance;
    }
    all.transform(AffineTransform.getScaleInstance(1 / UNIT, 1 / UNIT));
    return all;
  }

  private Glyph glyph(int code) {
    return known.computeIfAbsent(
        code,
        c -> {
          String line = lines.get(c);
          return line == null ? fallback(c) : parse(line);
        });
  }

  private static Glyph parse(String line) {
    String[] parts = line.split(" ");
    Path2D path = new Path2D.Double(Path2D.WIND_NON_ZERO);
    for (int i = 2; i < parts.length; i++) {
      append(path, parts[i]);
    }
    return new Glyph(path, Double.parseDouble(parts[1]));
  }

  private static void append(Path2D path, String segment) {
    String[] texts = segment.substring(1).split(",");
    double[] at = new double[6];
    for (int i = 0; i < texts.length && !texts[i].isEmpty(); i++) {
      at[i] = Double.parseDouble(texts[i]);
    }
    switch (segment.charAt(0)) {
      case 'M' -> path.moveTo(at[0], at[1]);
      case 'L' -> path.lineTo(at[0], at[1]);
      case 'Q' -> path.quadTo(at[0], at[1], at[2], at[3]);
      case 'C' -> path.curveTo(at[0], at[1], at[2], at[3], at[4], at[5]);
      default -> path.closePath();
    }
  }

  private Glyph fallback(int code) {
    try {
      Font font = new Font(Font.SANS_SERIF, style, (int) UNIT);
      if (font.canDisplay(code)) {
        GlyphVector glyph =
            font.createGlyphVector(
                new FontRenderContext(null, true, true), Character.toString(code));
        return new Glyph(glyph.getOutline(), glyph.getGlyphMetrics(0).getAdvance());
      }
    } catch (RuntimeException | LinkageError | InternalError withoutFonts) {
      // Java has no fonts here: fontconfig or FreeType is missing.
      return box();
    }
    return box();
  }

  private static Glyph box() {
    Path2D path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
    path.append(new java.awt.Rectangle(80, -700, 440, 700), false);
    path.append(new java.awt.Rectangle(130, -650, 340, 600), false);
    return new Glyph(path, 600);
  }
}
