package wherefore.method.causal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import wherefore.attribution.Evaluator;

/**
 * The search for the closest point on the other side of a decision, from several starts at once.
 *
 * <p>Each step puts the {@linkplain Linearized closest point} by the margin's gradient, no further
 * away than the start's trust radius. It is taken if cost + ν · (missing margin) falls, with ν
 * above the constraint's multiplier (an exact penalty); else the radius shrinks. At last the way
 * from the input to the best point is searched for the first place where the decision is flipped.
 * Source: Fletcher 1987, Practical Methods of Optimization, section 14.5.
 */
final class Search {
  private static final double ROUNDING = 1e-9;
  private static final double ROUNDING_OF_FLOATS = 1e-5;
  private static final double SMALLEST = 1e-12;
  private static final int CUTS = 16;
  private static final int ROUNDS = 6;

  /**
   * Where it ended.
   *
   * @param point as it is in the variables' element types
   * @param isFlipped whether the decision is another one there
   * @param evaluations points evaluated
   */
  record Found(double[] point, boolean isFlipped, int evaluations) {}

  private final Layout layout;
  private final Decision decision;
  private final Counterfactual.Settings options;
  private final int way;
  private final Evaluator evaluator;
  private final double[] x;
  private final double past;
  private double[] best;
  private double bestMargin = Double.NEGATIVE_INFINITY;
  private int evaluations;

  /**
   * @param margin m at the input; the search is for the other sign
   */
  Search(
      Layout layout,
      Decision decision,
      Counterfactual.Settings options,
      double margin,
      Evaluator evaluator) {
    this.layout = layout;
    this.decision = decision;
    this.options = options;
    this.way = way(margin);
    this.past = (layout.isDouble() ? ROUNDING : ROUNDING_OF_FLOATS) * (1 + Math.abs(margin));
    this.evaluator = evaluator;
    this.x = layout.input();
    this.best = x;
  }

  /** Which way a margin must go, 1 up or −1 down, for the decision to be another one. */
  static int way(double margin) {
    return margin > 0 ? -1 : 1;
  }

  /** A start and how far it came. */
  private static final class Walker {
    double[] at;
    double[] gradient = {};
    double margin;
    double radius;
    double penalty = 1;
    Linearized next = new Linearized(new double[0], 0);

    Walker(double[] at, double radius) {
      this.at = at;
      this.radius = radius;
    }
  }

  Found run() {
    List<Walker> walkers = starts();
    List<double[]> points = walkers.stream().map(w -> w.at).toList();
    Decision.Points first = evaluate(points);
    for (int k = 0; k < walkers.size(); k++) {
      arrive(walkers.get(k), points.get(k), way * first.margins()[k], first.gradients().get(k));
    }
    for (int step = 0; step < options.steps() && !walkers.isEmpty(); step++) {
      walkers.forEach(this::propose);
      points = walkers.stream().map(w -> layout.rounded(w.next.z())).toList();
      Decision.Points seen = evaluate(points);
      for (int k = 0; k < walkers.size(); k++) {
        judge(walkers.get(k), points.get(k), way * seen.margins()[k], seen.gradients().get(k));
      }
      walkers.removeIf(w -> w.radius < SMALLEST * (1 + size(x)));
      evaluator.progress((double) step / options.steps());
    }
    return isFlipped(bestMargin) ? cut() : new Found(best, false, evaluations);
  }

  private List<Walker> starts() {
    double size = size(x);
    double radius = (size > 0 ? size : 1) / 2;
    SplittableRandom random = evaluator.random("starts");
    List<Walker> walkers = new ArrayList<>();
    for (int k = 0; k < options.starts(); k++) {
      double[] at = x.clone();
      for (int i = 0; i < at.length; i++) {
        double away = k == 0 ? 0 : radius / 2 * random.nextGaussian();
        at[i] = Math.min(Math.max(at[i] + away, options.low()), options.high());
      }
      walkers.add(new Walker(layout.rounded(at), radius));
    }
    return walkers;
  }

  private static double size(double[] x) {
    return Arrays.stream(x).map(Math::abs).max().orElse(0);
  }

  private Decision.Points evaluate(List<double[]> points) {
    evaluations += points.size();
    Decision.Points seen = decision.at(evaluator, points, true);
    for (int k = 0; k < points.size(); k++) {
      keep(points.get(k), way * seen.margins()[k]);
    }
    return seen;
  }

  /** Flipped by more than the rounding by which one batch differs from another. */
  private boolean isFlipped(double margin) {
    return margin >= options.margin() + past / 2;
  }

  /** A flipped one is better the closer it is, and better than any other. */
  private void keep(double[] point, double margin) {
    if (!inBox(point)) {
      return;
    }
    boolean isBetter =
        isFlipped(margin)
            ? !isFlipped(bestMargin)
                || options.distance().of(x, point) < options.distance().of(x, best)
            : !isFlipped(bestMargin) && margin > bestMargin;
    if (isBetter) {
      best = point;
      bestMargin = margin;
    }
  }

  private boolean inBox(double[] point) {
    return Arrays.stream(point).allMatch(v -> v >= options.low() && v <= options.high());
  }

  private static void arrive(Walker w, double[] point, double margin, double[] gradient) {
    w.at = point;
    w.margin = margin;
    w.gradient = gradient;
  }

  /** What is aimed at: a little past the margin, so that rounding does not fall short of it. */
  private double aim() {
    return options.margin() + past;
  }

  private void propose(Walker w) {
    double[] slope = Arrays.stream(w.gradient).map(g -> way * g).toArray();
    double[] low = Arrays.stream(w.at).map(a -> Math.max(options.low(), a - w.radius)).toArray();
    double[] high = Arrays.stream(w.at).map(a -> Math.min(options.high(), a + w.radius)).toArray();
    double need = aim() - w.margin + Linearized.dot(slope, w.at);
    w.next = Linearized.solve(options.distance(), x, slope, need, low, high);
    double gain = Linearized.dot(slope, w.next.z()) - Linearized.dot(slope, w.at);
    double dearer = options.distance().cost(x, w.next.z()) - options.distance().cost(x, w.at);
    boolean isReached = Double.isFinite(w.next.price());
    double enough = isReached ? 2 * w.next.price() : gain > 0 ? 2 * dearer / gain : 0;
    w.penalty = Math.max(w.penalty, enough);
  }

  private void judge(Walker w, double[] point, double margin, double[] gradient) {
    double before = merit(w, w.at, w.margin);
    double after = merit(w, point, margin);
    if (after < before) {
      arrive(w, point, margin, gradient);
      w.radius *= 1.5;
    } else {
      w.radius *= 0.3;
    }
  }

  private double merit(Walker w, double[] point, double margin) {
    double missing = Math.max(0, aim() - margin);
    return options.distance().cost(x, point) + w.penalty * missing;
  }

  /** The first flipped point on the way from the input to the best one. */
  private Found cut() {
    double from = 0;
    double to = 1;
    double[] end = best;
    for (int round = 0; round < ROUNDS; round++) {
      double start = from;
      double length = to - from;
      List<double[]> points =
          IntStream.range(1, CUTS)
              .mapToObj(k -> layout.rounded(onWay(end, start + length * k / CUTS)))
              .toList();
      double[] margins = decision.at(evaluator, points, false).margins();
      evaluations += points.size();
      int flipped =
          IntStream.range(0, margins.length)
              .filter(k -> isFlipped(way * margins[k]))
              .findFirst()
              .orElse(margins.length);
      if (flipped < margins.length) {
        best = points.get(flipped);
        to = start + length * (flipped + 1) / CUTS;
      }
      from = start + length * flipped / CUTS;
    }
    return new Found(best, true, evaluations);
  }

  private double[] onWay(double[] end, double part) {
    double[] point = x.clone();
    for (int i = 0; i < point.length; i++) {
      point[i] += part * (end[i] - point[i]);
    }
    return point;
  }
}
