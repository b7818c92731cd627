package wherefore.renderers;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers for people: three significant digits. */
final class Numerals {
  private Numerals() {}

  static String of(double value) {
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "+∞" : "−∞";
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(3));
    double size = Math.abs(value);
    String text =
        size >= 1e-3 && size < 1e5
            ? rounded.stripTrailingZeros().toPlainString()
            : String.format(Locale.ROOT, "%.2e", value).replaceFirst("\\.?0*e", "e");
    return text.replaceFirst("e\\+?(-?)0*(\\d)", "e$1$2").replace('-', '−');
  }
}
