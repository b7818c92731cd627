package wherefore.renderers;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.awt.geom.PathIterator;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes the outlines of a TrueType font as a resource for {@link Glyphs}: {@code GlyphFile
 * OpenSans-Regular.ttf > regular.glyphs}. Needs a machine with fontconfig.
 */
final class GlyphFile {
  private static final int[][] RANGES = {
    {0x20, 0x7e},
    {0xa0, 0x17f},
    {0x370, 0x3ff},
    {0x400, 0x45f},
    {0x2010, 0x2026},
    {0x20ac, 0x20ac},
    {0x2190, 0x2193},
    {0x2202, 0x2265}
  };

  private GlyphFile() {}

  /** Writes to standard output. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
    Font font = Font.createFont(Font.TRUETYPE_FONT, new File(arguments[0])).deriveFont(1000f);
    out.println("# Outlines of Open Sans, (c) 2010-2011 Google Corporation, Apache License 2.0");
    out.println("# code advance path, in thousandths of the size");
    for (int[] range : RANGES) {
      for (int code = range[0]; code <= range[1]; code++) {
        if (font.canDisplay(code)) {
          write(font, code, out);
        }
      }
    }
    out.flush();
  }

  private static void write(Font font, int code, PrintStream out) {
    GlyphVector glyph =
        font.createGlyphVector(
            new FontRenderContext(null, true, true), new String(Character.toChars(code)));
    StringBuilder line = new StringBuilder();
    line.append(code).append(' ').append(Math.round(glyph.getGlyphMetrics(0).getAdvance()));
    float[] at = new float[6];
    for (PathIterator i = glyph.getOutline().getPathIterator(null); !i.isDone(); i.next()) {
      int kind = i.currentSegment(at);
      line.append(' ').append("MLQCZ".charAt(kind));
      for (int c = 0; c < new int[] {2, 2, 4, 6, 0}[kind]; c++) {
        line.append(c == 0 ? "" : ",").append(Math.round(at[c]));
      }
    }
    out.println(line);
  }
}
