package wherefore.runtime.attributor;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Baseline;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/** Finds the {@link Baseline.Boundary} of a decision between an input and given points. */
final class Boundaries {
  private final Map<String, Tensor> x;
  private final SequencedMap<String, Tensor> points;
  private final Function<Map<String, Tensor>, double[]> margins;

  /**
   * @param x the input, first extent 1, by name
   * @param points of the same names, along the first axis
   * @param margins how far the decision falls the one way, above 0, or the other, a row each
   */
  Boundaries(
      Map<String, Tensor> x,
      SequencedMap<String, Tensor> points,
      Function<Map<String, Tensor>, double[]> margins) {
    this.x = x;
    this.points = points;
    this.margins = margins;
  }

  /**
   * How far a target's score is above 0, or where it is one of several, above the largest other.
   *
   * @param isAlone whether the other scores don't count
   */
  static double[] margins(Tensor scores, Targets target, boolean isAlone) {
    int width = target.selection().size();
    double[] margins = new double[scores.size() / width];
    for (int row = 0; row < margins.length; row++) {
      double own = 0;
      double other = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < width; i++) {
        double score = scores.get(row * width + i);
        if (target.selection().get(i) == 1) {
          own = score;
        } else {
          other = Math.max(other, score);
        }
      }
      margins[row] = isAlone || width == 1 ? own : own - other;
    }
    return margins;
  }

  /** The closest place where the decision is not the input's. */
  SequencedMap<String, Tensor> closest(Baseline.Boundary asked) {
    boolean isAbove = margins.apply(x)[0] > 0;
    double[] ends = margins.apply(points);
    double[] from = new double[ends.length];
    double[] to = new double[ends.length];
    Arrays.fill(to, 1);
    for (int halving = 0; halving < halvings(); halving++) {
      double[] middle = new double[ends.length];
      Arrays.setAll(middle, r -> (from[r] + to[r]) / 2);
      double[] seen = margins.apply(at(middle));
      for (int r = 0; r < ends.length; r++) {
        boolean isFlipped = seen[r] > 0 != isAbove;
        to[r] = isFlipped ? middle[r] : to[r];
        from[r] = isFlipped ? from[r] : middle[r];
      }
    }
    SequencedMap<String, Tensor> found = at(to);
    int closest = -1;
    double shortest = Double.POSITIVE_INFINITY;
    for (int r = 0; r < ends.length; r++) {
      double distance = distance(found, r);
      if (ends[r] > 0 != isAbove && distance < shortest) {
        closest = r;
        shortest = distance;
      }
    }
    if (closest < 0) {
      throw new AttributionException(
          "baseline %s: all its %d points are decided as the input is; give one that is not"
              .formatted(asked.text(), ends.length));
    }
    int row = closest;
    found.replaceAll((name, rows) -> rows.rows(row, row + 1));
    return found;
  }

  /** The places a part of the way from the input to the points, a part each. */
  private SequencedMap<String, Tensor> at(double[] parts) {
    SequencedMap<String, Tensor> places = new LinkedHashMap<>();
    points.forEach(
        (name, ends) -> {
          double[] start = tensor(name).toDoubles();
          double[] place = ends.toDoubles();
          for (int i = 0; i < place.length; i++) {
            double part = parts[i / start.length];
            double begin = start[i % start.length];
            place[i] = part == 1 ? place[i] : begin + part * (place[i] - begin);
          }
          places.put(name, Tensor.of(ends.shape(), place).to(ends.type()));
        });
    return places;
  }

  private double distance(Map<String, Tensor> found, int row) {
    double squares = 0;
    for (Map.Entry<String, Tensor> e : found.entrySet()) {
      Tensor place = e.getValue().rows(row, row + 1);
      Tensor start = tensor(e.getKey());
      for (int i = 0; i < start.size(); i++) {
        squares += Math.pow(place.get(i) - start.get(i), 2);
      }
    }
    return Math.sqrt(squares);
  }

  private Tensor tensor(String name) {
    Tensor value = x.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no value of " + name);
    }
    return value;
  }

  /** Until neighbours are as close as the element type has them. */
  private int halvings() {
    return points.values().stream().anyMatch(t -> t.type() == ElementType.FLOAT64) ? 52 : 24;
  }
}
