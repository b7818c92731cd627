package wherefore.method.paths;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Variable;

/**
 * The guided segments of all paths from baselines to the input, which move at once, and the
 * integral along each path by the trapezoid rule, in float64.
 */
final class Walks {
  private final Elements elements;
  private final Evaluator evaluator;
  private final Program gradient;
  private final double[][] sums;
  private List<Walk> walks = new ArrayList<>();
  private int gradients;

  /**
   * @param segments of a path, between points evenly spaced on the straight line
   */
  Walks(Elements elements, int baselines, int segments, Evaluator evaluator) {
    this.elements = elements;
    this.evaluator = evaluator;
    this.gradient = evaluator.subject().gradient();
    this.sums = new double[baselines][elements.size()];
    for (int baseline = 0; baseline < baselines; baseline++) {
      List<double[]> anchors = anchors(baseline, segments);
      for (int s = 0; s < segments; s++) {
        walks.add(Walk.between(baseline, anchors.get(s), anchors.get(s + 1)));
      }
    }
  }

  private List<double[]> anchors(int baseline, int segments) {
    double[] from = elements.of(v -> v.baseline(baseline));
    double[] to = elements.of(Variable::value);
    List<double[]> anchors = new ArrayList<>();
    for (int s = 0; s < segments; s++) {
      double alpha = (double) s / segments;
      double[] anchor = new double[from.length];
      Arrays.setAll(anchor, i -> from[i] + alpha * (to[i] - from[i]));
      anchors.add(anchor);
    }
    anchors.add(to);
    return anchors;
  }

  /**
   * A move of each segment.
   *
   * @param left how much of its length is left behind the move
   * @param fraction of the elements that go together
   */
  void move(double left, double fraction) {
    List<Walk> moved = new ArrayList<>();
    evaluator.forEach(
        gradient,
        rows(walks),
        (row, outputs) -> {
          double[] here = elements.of(v -> v.in(outputs));
          Walk walk = walks.get(row);
          Walk next = walk.move(here, left, fraction);
          add(sums[walk.baseline()], here, walk.before(), next.at());
          moved.add(next);
        });
    gradients += walks.size();
    walks = moved;
  }

  /** Closes the integrals where the segments have arrived. */
  void end() {
    move(0, 1);
  }

  private Rows rows(List<Walk> some) {
    return new Rows(
        some.size(),
        (from, to) -> elements.feeds(some.subList(from, to).stream().map(Walk::at).toList()),
        Map.of());
  }

  /** Half the gradient counts for the move to where it is taken, half for the next one. */
  private static void add(double[] sum, double[] gradient, double[] before, double[] next) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += gradient[i] * (next[i] - before[i]) / 2;
    }
  }

  /** How many gradients were asked for. */
  int gradients() {
    return gradients;
  }

  /** The attribution by each baseline's path. */
  List<PathIntegral> integrals() {
    return Arrays.stream(sums)
        .map(sum -> new PathIntegral(elements.parts(sum), 0, Double.NaN, true))
        .toList();
  }
}
