package wherefore.method.perturbation;

import java.util.Arrays;
import java.util.function.BiConsumer;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Shape;

/**
 * A window that slides over a variable.
 *
 * @param dims the variable's extents behind the first axis
 * @param extents the window's
 * @param strides how far it goes
 */
record SlidingWindow(int[] dims, int[] extents, int[] strides) {
  private static final int ACROSS = 14;

  /** From the text forms: {@code 3,16,16}, {@code auto}. */
  static SlidingWindow parse(String window, String stride, Subject subject, Variable v) {
    int[] dims = v.value().shape().axes(1, v.value().shape().rank()).dims();
    int[] extents = isAuto(window) ? usual(dims, subject, v) : numbers("window", window, v, dims);
    int[] strides = isAuto(stride) ? halves(dims, extents) : numbers("stride", stride, v, dims);
    for (int a = 0; a < dims.length; a++) {
      if (extents[a] > dims[a]) {
        throw new AttributionException(
            "occlusion: window %s is larger than %s, which is %s"
                .formatted(window, v.name(), v.value().shape()));
      }
      if (strides[a] > extents[a]) {
        throw new AttributionException(
            "occlusion: stride %s is larger than the window %s: no window would cover some elements"
                .formatted(text(strides), text(extents)));
      }
    }
    return new SlidingWindow(dims, extents, strides);
  }

  private static boolean isAuto(String text) {
    return text.strip().equalsIgnoreCase("auto");
  }

  private static String text(int[] numbers) {
    return Arrays.toString(numbers).replaceAll("[\\[\\] ]", "");
  }

  private static int[] usual(int[] dims, Subject subject, Variable v) {
    int[] extents = dims.clone();
    switch (dims.length) {
      case 1, 2 -> extents[0] = 1;
      default -> {
        for (int axis : subject.model().plane(v.name(), v.value().shape())) {
          extents[axis - 1] = Math.ceilDiv(dims[axis - 1], ACROSS);
        }
      }
    }
    return extents;
  }

  /** Along axes that the window does not fill half of it, in images. */
  private static int[] halves(int[] dims, int[] extents) {
    int[] strides = extents.clone();
    for (int a = 0; a < dims.length; a++) {
      boolean slides = dims.length > 2 && extents[a] < dims[a];
      strides[a] = slides ? Math.max(1, extents[a] / 2) : extents[a];
    }
    return strides;
  }

  private static int[] numbers(String option, String text, Variable v, int[] dims) {
    Shape shape = v.value().shape();
    try {
      int[] numbers =
          Arrays.stream(text.split(",")).map(String::strip).mapToInt(Integer::parseInt).toArray();
      if (numbers.length == dims.length && Arrays.stream(numbers).allMatch(n -> n > 0)) {
        return numbers;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new AttributionException(
        "occlusion: %s '%s' must be auto or %d positive numbers, one for each axis behind the"
                .formatted(option, text, dims.length)
            + " first of %s, which is %s".formatted(v.name(), shape));
  }

  /** Each position's box: begin and (excluded) end. */
  void each(BiConsumer<int[], int[]> action) {
    int axes = dims.length;
    int[] counts = new int[axes];
    Arrays.setAll(counts, a -> Math.ceilDiv(dims[a] - extents[a], strides[a]) + 1);
    int total = Arrays.stream(counts).reduce(1, Math::multiplyExact);
    for (int k = 0; k < total; k++) {
      int[] lows = new int[axes];
      int[] highs = new int[axes];
      int rest = k;
      for (int a = axes - 1; a >= 0; a--) {
        lows[a] = rest % counts[a] * strides[a];
        highs[a] = Math.min(lows[a] + extents[a], dims[a]);
        rest /= counts[a];
      }
      action.accept(lows, highs);
    }
  }
}
