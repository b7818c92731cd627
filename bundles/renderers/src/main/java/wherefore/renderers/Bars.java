package wherefore.renderers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.render.Panel;
import wherefore.tensor.Shape;

/**
 * Named values of one panel, the largest first.
 *
 * @param bars at most {@link #SHOWN} and one for the sum of all others
 * @param depth how many numbers were summed for each
 */
record Bars(List<Bar> bars, int depth) {
  /** How many bars stand for themselves. */
  static final int SHOWN = 20;

  /**
   * A bar.
   *
   * @param name of the feature
   * @param value its attribution
   * @param rest true for the sum of those that are not shown
   */
  record Bar(String name, double value, boolean rest) {}

  static Bars of(Panel panel) {
    double[] values = values(panel);
    List<Bar> all =
        IntStream.range(0, values.length)
            .mapToObj(i -> new Bar(name(panel, i, values.length), values[i], false))
            .sorted(Comparator.comparingDouble((Bar b) -> -size(b.value)))
            .toList();
    List<Bar> bars = new ArrayList<>(all.subList(0, Math.min(SHOWN, all.size())));
    List<Bar> rest = all.subList(bars.size(), all.size());
    if (rest.size() == 1) {
      bars.addAll(rest);
    } else if (!rest.isEmpty()) {
      double sum = rest.stream().mapToDouble(Bar::value).sum();
      bars.add(new Bar("sum of %d others".formatted(rest.size()), sum, true));
    }
    return new Bars(bars, depth(panel.values().shape()));
  }

  private static double size(double value) {
    return Double.isNaN(value) ? Double.POSITIVE_INFINITY : Math.abs(value);
  }

  private static String name(Panel panel, int index, int count) {
    return panel.features().size() == count ? panel.features().get(index) : "[" + index + "]";
  }

  private static int depth(Shape shape) {
    return shape.rank() == 3 ? shape.dim(2) : 1;
  }

  /** One number for each feature, token or place in time; its components are summed. */
  static double[] values(Panel panel) {
    int depth = depth(panel.values().shape());
    double[] sums = new double[panel.values().size() / depth];
    for (int i = 0; i < panel.values().size(); i++) {
      sums[i / depth] += panel.values().get(i);
    }
    return sums;
  }
}
