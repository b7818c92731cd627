package wherefore.renderers;

/** The colours of everything but values. */
final class Ink {
  static final int PAPER = 0xffffff;
  static final int TITLE = 0x1b1f24;
  static final int TEXT = 0x4a5058;
  static final int LINE = 0xc9ced6;

  /** For what is not a number, with {@link #PAPER}; in neither colour map. */
  static final int NAN = 0x12a150;

  /** For infinities, with the colour of their end of the scale. */
  static final int INFINITE = 0x000000;

  private Ink() {}

  /** One colour laid over another. */
  static int over(int top, int bottom, double opacity) {
    int mixed = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      double part = opacity * (top >> shift & 0xff) + (1 - opacity) * (bottom >> shift & 0xff);
      mixed |= (int) Math.round(part) << shift;
    }
    return mixed;
  }

  /** The colour of a text on another: dark or white, by the luminance of ITU-R BT.709. */
  static int readable(int back) {
    double luminance =
        0.2126 * (back >> 16 & 0xff) + 0.7152 * (back >> 8 & 0xff) + 0.0722 * (back & 0xff);
    return luminance < 120 ? PAPER : TITLE;
  }

  /** The colour of a value; an infinity or NaN is a checkerboard. */
  static int of(Scale scale, double value, boolean odd) {
    if (Double.isFinite(value)) {
      return scale.color(value);
    }
    int other = Double.isNaN(value) ? NAN : scale.map().rgb(Math.signum(value));
    return odd ? other : Double.isNaN(value) ? PAPER : INFINITE;
  }
}
