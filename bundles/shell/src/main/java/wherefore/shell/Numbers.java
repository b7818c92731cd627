package wherefore.shell;

import java.util.Locale;

/** Numbers for persons. */
final class Numbers {
  private Numbers() {}

  /** Five significant digits, without trailing zeros. */
  static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e7) {
      return Long.toString((long) value);
    }
    String text = String.format(Locale.ROOT, "%.5g", value);
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    int e = text.indexOf('e');
    String mantissa = e < 0 ? text : text.substring(0, e);
    return mantissa.replaceAll("0+$", "").replaceAll("\\.$", "") + (e < 0 ? "" : text.substring(e));
  }
}
