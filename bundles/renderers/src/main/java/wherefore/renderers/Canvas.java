package wherefore.renderers;

import java.io.IOException;
import java.io.OutputStream;

/** What pictures are made of; colours are 0xRRGGBB, the origin is at the top left. */
interface Canvas {
  /** Where a text lies to its x. */
  enum Anchor {
    /** It begins there. */
    START,
    /** Its middle is there. */
    MIDDLE,
    /** It ends there. */
    END
  }

  /** A filled rectangle. */
  void rectangle(double x, double y, double width, double height, int color);

  /**
   * Cells that fill a rectangle evenly, with hard edges.
   *
   * @param cells row by row
   */
  void cells(double x, double y, double width, double height, int columns, int[] cells);

  /**
   * A line of text.
   *
   * @param y of its base line
   */
  void text(double x, double y, String text, Type type, int color, Anchor anchor);

  /** Writes the picture. */
  void write(OutputStream out) throws IOException;
}
