package wherefore.method.causal;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import wherefore.attribution.AttributionException;

/**
 * The values that an element may be set to.
 *
 * @param low an entry an element
 * @param high an entry an element
 */
record Ranges(double[] low, double[] high) {
  private static final Pattern PAIR = Pattern.compile("\\s*([^,\\s]+)\\s*,\\s*([^,\\s]+)\\s*");

  /** {@code auto} or {@code low,high}. */
  static Ranges parse(String text, Layout layout) {
    return text.equals("auto") ? seen(layout) : given(text, layout.size());
  }

  private static Ranges seen(Layout layout) {
    double[] low = layout.input();
    double[] high = layout.input();
    for (int b = 0; b < layout.baselines(); b++) {
      double[] row = layout.baseline(b);
      for (int i = 0; i < row.length; i++) {
        low[i] = Math.min(low[i], row[i]);
        high[i] = Math.max(high[i], row[i]);
      }
    }
    return new Ranges(low, high);
  }

  private static Ranges given(String text, int size) {
    Matcher pair = PAIR.matcher(text);
    double from = pair.matches() ? number(pair.group(1)) : Double.NaN;
    double to = pair.matches() ? number(pair.group(2)) : Double.NaN;
    if (!(from < to) || Double.isInfinite(to - from)) {
      throw new AttributionException(
          ("average-causal-effect: option range is %s; it must be auto, or two numbers as"
                  + " 'low,high', the lower one first")
              .formatted(text));
    }
    double[] low = new double[size];
    double[] high = new double[size];
    Arrays.fill(low, from);
    Arrays.fill(high, to);
    return new Ranges(low, high);
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }
}
