package wherefore.method.paths;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Program;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.tensor.Tensor;

/**
 * The path integral by halving intervals where it is needed.
 *
 * <p>An interval of length h has five equidistant points. Its integral is Boole's rule h/90 (7, 32,
 * 12, 32, 7), exact to degree 5; the difference to Simpson's rule on the three even points
 * estimates each element's error. Beside that, completeness gives an exact residual for every
 * interval: Δ · integral over [a, b] − (f(b) − f(a)). The intervals with the largest of these,
 * relative to what is allowed, are halved; a half takes over three points, so nothing is computed
 * twice. An interval that is good enough for its length is added up and forgotten, which bounds
 * memory.
 */
final class AdaptiveIntegral {
  private static final double[] BOOLE = {7 / 90.0, 32 / 90.0, 12 / 90.0, 32 / 90.0, 7 / 90.0};
  private static final double[] SIMPSON = {1 / 6.0, 0, 4 / 6.0, 0, 1 / 6.0};

  private static final int START = 9;

  /**
   * When to stop.
   *
   * @param method that is asked, for errors
   * @param tolerance of the residual, relative to max(|Δf|, floor)
   * @param floor of |Δf|
   * @param accuracy of an element, relative to the largest one; 0 if not asked for
   * @param points the most gradients
   */
  record Limits(String method, double tolerance, double floor, double accuracy, int points) {}

  /** A point of the path: f_t there, and the gradient for each variable. */
  private record Point(double alpha, double f, List<Tensor> gradients) {}

  private final Evaluator evaluator;
  private final Path path;
  private final Program program;
  private final List<Tensor> deltas;
  private final Limits limits;
  private final List<double[]> settled;
  private final List<double[]> total;
  private double settledResidual;
  private double settledSquares;
  private double scale;
  private double largest;
  private int points;

  AdaptiveIntegral(Evaluator evaluator, Path path, Limits limits) {
    this.evaluator = evaluator;
    this.path = path;
    this.program = path.integrand();
    this.deltas = path.deltas();
    this.limits = limits;
    this.settled = deltas.stream().map(d -> new double[d.size()]).toList();
    this.total = deltas.stream().map(d -> new double[d.size()]).toList();
  }

  PathIntegral integrate() {
    if (limits.points() < START) {
      throw new AttributionException(
          "%s: option steps is %d; adaptive takes at least %d"
              .formatted(limits.method(), limits.points(), START));
    }
    List<Interval> open = start();
    while (true) {
      judge(open);
      double residual = settledResidual + open.stream().mapToDouble(i -> i.residual).sum();
      double spread =
          Math.sqrt(settledSquares + open.stream().mapToDouble(i -> i.spread * i.spread).sum());
      boolean good =
          Math.abs(residual) <= limits.tolerance() * scale
              && (limits.accuracy() == 0 || spread <= limits.accuracy() * largest);
      if (good || open.isEmpty() || points + 4 > limits.points()) {
        open.forEach(i -> i.addTo(settled));
        return new PathIntegral(settled, points, spread, good);
      }
      List<Interval> rest = settle(open);
      open = rest.isEmpty() ? rest : halve(rest);
    }
  }

  private List<Interval> start() {
    TreeMap<Double, Point> all =
        evaluate(IntStream.rangeClosed(0, 8).mapToDouble(k -> k / 8.0).toArray());
    Point[] p = all.values().toArray(Point[]::new);
    double change = p[8].f() - p[0].f();
    scale = Math.max(Math.abs(change), limits.floor());
    return List.of(
        new Interval(Arrays.copyOfRange(p, 0, 5)), new Interval(Arrays.copyOfRange(p, 4, 9)));
  }

  private TreeMap<Double, Point> evaluate(double[] alphas) {
    TreeMap<Double, Point> found = new TreeMap<>();
    List<Variable> variables = evaluator.subject().variables();
    evaluator.forEach(
        program,
        path.at(alphas),
        (row, outputs) -> {
          List<Tensor> gradients = variables.stream().map(v -> v.in(outputs)).toList();
          found.put(alphas[row], new Point(alphas[row], target(outputs), gradients));
        });
    points += alphas.length;
    return found;
  }

  private static double target(Map<String, Tensor> outputs) {
    return Subject.target(outputs).get(0);
  }

  /** Residual and spread of each interval, and the largest element of the attribution so far. */
  private void judge(List<Interval> open) {
    open.forEach(Interval::judge);
    if (limits.accuracy() == 0) {
      return;
    }
    for (int v = 0; v < total.size(); v++) {
      System.arraycopy(settled.get(v), 0, total.get(v), 0, total.get(v).length);
    }
    open.forEach(i -> i.addTo(total));
    largest = 0;
    for (int v = 0; v < total.size(); v++) {
      for (int e = 0; e < total.get(v).length; e++) {
        largest = Math.max(largest, Math.abs(total.get(v)[e] * deltas.get(v).get(e)));
      }
    }
  }

  /** How much worse than allowed for its length an interval is. */
  private double badness(Interval i) {
    double residual = Math.abs(i.residual) / (limits.tolerance() * scale);
    double spread = limits.accuracy() == 0 ? 0 : i.spread / (limits.accuracy() * largest);
    return Math.max(residual, spread);
  }

  private List<Interval> settle(List<Interval> open) {
    List<Interval> rest = new ArrayList<>();
    for (Interval i : open) {
      if (badness(i) <= i.length() / 8) {
        i.addTo(settled);
        settledResidual += i.residual;
        settledSquares += i.spread * i.spread;
      } else {
        rest.add(i);
      }
    }
    return rest;
  }

  private List<Interval> halve(List<Interval> open) {
    double worst = open.stream().mapToDouble(this::badness).max().orElse(0);
    List<Interval> bad =
        open.stream()
            .filter(i -> badness(i) >= worst / 2)
            .sorted(Comparator.comparingDouble(this::badness).reversed())
            .limit((limits.points() - points) / 4)
            .toList();
    TreeSet<Double> alphas = new TreeSet<>();
    bad.forEach(i -> alphas.addAll(i.between()));
    double[] wanted = alphas.stream().mapToDouble(Double::doubleValue).toArray();
    TreeMap<Double, Point> found = evaluate(wanted);
    List<Interval> next = new ArrayList<>();
    for (Interval i : open) {
      if (bad.contains(i)) {
        next.addAll(i.halves(found));
      } else {
        next.add(i);
      }
    }
    return next;
  }

  /** An interval with its five points. */
  private final class Interval {
    private final Point[] p;
    private double residual;
    private double spread;
    private boolean judged;

    Interval(Point... p) {
      this.p = p;
    }

    double length() {
      return p[4].alpha() - p[0].alpha();
    }

    List<Double> between() {
      List<Double> middles = new ArrayList<>();
      for (int k = 0; k < 4; k++) {
        middles.add((p[k].alpha() + p[k + 1].alpha()) / 2);
      }
      return middles;
    }

    List<Interval> halves(TreeMap<Double, Point> found) {
      Point[] q = between().stream().map(a -> found.get(a)).toArray(Point[]::new);
      return List.of(
          new Interval(p[0], q[0], p[1], q[1], p[2]), new Interval(p[2], q[2], p[3], q[3], p[4]));
    }

    double rule(double[] weights, int variable, int element) {
      double sum = 0;
      for (int k = 0; k < 5; k++) {
        sum += weights[k] * p[k].gradients().get(variable).get(element);
      }
      return sum * length();
    }

    void addTo(List<double[]> sums) {
      for (int v = 0; v < sums.size(); v++) {
        for (int e = 0; e < sums.get(v).length; e++) {
          sums.get(v)[e] += rule(BOOLE, v, e);
        }
      }
    }

    void judge() {
      if (judged) {
        return;
      }
      double sum = 0;
      for (int v = 0; v < deltas.size(); v++) {
        for (int e = 0; e < deltas.get(v).size(); e++) {
          double delta = deltas.get(v).get(e);
          double boole = rule(BOOLE, v, e);
          sum += delta * boole;
          spread = Math.max(spread, Math.abs(delta * (boole - rule(SIMPSON, v, e))));
        }
      }
      residual = sum - (p[4].f() - p[0].f());
      judged = true;
    }
  }
}
