package wherefore.render;

/**
 * How a scene is drawn.
 *
 * @param size the longer side of a panel, in pixels
 * @param opacity of the heat map over the picture, from 0 to 1
 * @param percentile of the absolute values that the ends of the colour scale stand for, up to 100;
 *     what lies beyond is drawn in the end's colour, and the picture says so
 */
public record Style(int size, double opacity, double percentile) {
  /** 512 pixels, three quarters, all values. */
  public static final Style DEFAULT = new Style(512, 0.75, 100);

  /** Checks the ranges. */
  public Style {
    if (size < 16 || size > 8192) {
      throw new IllegalArgumentException("size is " + size + "; it must be from 16 to 8192");
    }
    if (!(opacity >= 0 && opacity <= 1)) {
      throw new IllegalArgumentException("opacity is " + opacity + "; it must be from 0 to 1");
    }
    if (!(percentile > 0 && percentile <= 100)) {
      throw new IllegalArgumentException(
          "percentile is " + percentile + "; it must be above 0 and at most 100");
    }
  }
}
