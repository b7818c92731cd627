package wherefore.method.causal;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;

/** Every element set to its value in the input and to each of a grid, in each baseline. */
final class Settling {
  private final Layout layout;
  private final Ranges ranges;
  private final int grid;
  private final double[] input;
  private final List<double[]> background;

  Settling(Layout layout, Ranges ranges, int grid) {
    this.layout = layout;
    this.ranges = ranges;
    this.grid = grid;
    this.input = layout.input();
    this.background = IntStream.range(0, layout.baselines()).mapToObj(layout::baseline).toList();
  }

  /** The k-th value of an element: 0 for the input's, from 1 on the grid's. */
  double value(int element, int k) {
    double low = ranges.low()[element];
    double high = ranges.high()[element];
    if (k == 0) {
      return input[element];
    }
    return k == grid ? high : low + (high - low) * (k - 1) / (grid - 1);
  }

  /** The target by element, {@linkplain #value value} and baseline. */
  double[][][] outputs(Evaluator evaluator) {
    int each = background.size();
    double[][][] outputs = new double[layout.size()][grid + 1][each];
    Rows rows = new Rows(count(), (from, to) -> layout.tensors(rows(from, to)), Map.of());
    evaluator.forEach(
        evaluator.subject().forward(),
        rows,
        (r, out) -> {
          double f = Subject.target(out).get(0);
          outputs[r / each / (grid + 1)][r / each % (grid + 1)][r % each] = f;
        });
    return outputs;
  }

  private List<double[]> rows(int from, int to) {
    return IntStream.range(from, to).mapToObj(this::row).toList();
  }

  private double[] row(int number) {
    double[] row = background.get(number % background.size()).clone();
    int set = number / background.size();
    row[set / (grid + 1)] = value(set / (grid + 1), set % (grid + 1));
    return row;
  }

  private int count() {
    long count = (long) layout.size() * (grid + 1) * background.size();
    if (count > Integer.MAX_VALUE) {
      throw new AttributionException(
          ("average-causal-effect: %d elements at %d values in %d baselines are too many; take a"
                  + " smaller grid, fewer baselines, or explain a layer")
              .formatted(layout.size(), grid + 1, background.size()));
    }
    return (int) count;
  }
}
