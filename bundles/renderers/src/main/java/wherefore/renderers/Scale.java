package wherefore.renderers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;

/**
 * From values to colours, the same for everything that is shown together.
 *
 * @param map signed or not
 * @param limit the absolute value at the colour scale's end; 0 if all values are 0
 * @param percentile of the absolute values that the limit is
 * @param beyond how many values are larger than the limit
 * @param nans how many are not a number
 * @param above how many are +∞
 * @param below how many are −∞
 */
record Scale(
    ColorMap map, double limit, double percentile, int beyond, int nans, int above, int below) {

  /** The scale of all these values. */
  static Scale of(List<double[]> sets, double percentile) {
    double[] all = sets.stream().flatMapToDouble(Arrays::stream).toArray();
    double[] sizes = Arrays.stream(all).filter(Double::isFinite).map(Math::abs).sorted().toArray();
    double largest = sizes.length == 0 ? 0 : sizes[sizes.length - 1];
    double limit = percentile(sizes, percentile);
    boolean clipped = limit > 0 && limit < largest;
    double end = clipped ? limit : largest;
    return new Scale(
        Arrays.stream(all).anyMatch(v -> v < 0) ? ColorMap.DIVERGING : ColorMap.SEQUENTIAL,
        end,
        clipped ? percentile : 100,
        count(sizes, v -> v > end),
        count(all, Double::isNaN),
        count(all, v -> v == Double.POSITIVE_INFINITY),
        count(all, v -> v == Double.NEGATIVE_INFINITY));
  }

  private static double percentile(double[] sorted, double percentile) {
    int rank = (int) Math.ceil(percentile / 100 * sorted.length);
    return sorted.length == 0 ? 0 : sorted[Math.max(rank, 1) - 1];
  }

  private static int count(double[] values, DoublePredicate which) {
    return (int) Arrays.stream(values).filter(which).count();
  }

  boolean isSigned() {
    return map == ColorMap.DIVERGING;
  }

  /** A value as a part of the scale: 0 stays exactly 0. */
  double part(double value) {
    if (value == 0 || limit == 0) {
      return Double.isInfinite(value) ? Math.signum(value) : 0;
    }
    return Math.clamp(value / limit, -1.0, 1.0);
  }

  /** The colour of a value that is a number. */
  int color(double value) {
    return map.rgb(part(value));
  }

  /** What a person must be told of it, a line each. */
  List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (limit == 0 && nans + above + below == 0) {
      notes.add("All values are exactly 0.");
    }
    if (beyond > 0) {
      notes.add(
          "The scale ends at percentile %s of the absolute values; %d larger ones have the end's colour."
              .formatted(Numerals.of(percentile), beyond));
    }
    return notes;
  }
}
