package wherefore.method.paths;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.graph.UnaryFunction;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class GuidedIntegratedGradientsTest extends MethodContract {
  private static final String ID = "guided-integrated-gradients";
  private static final int INPUTS = 30;
  private static final int UNITS = 5;

  private final Tensor w = TestModels.normal(new SplittableRandom(1), Shape.of(INPUTS, UNITS), 0.3);
  private final Tensor v = TestModels.normal(new SplittableRandom(2), Shape.of(UNITS, 1), 1);
  private final Tensor x = TestModels.normal(new SplittableRandom(3), Shape.of(1, INPUTS), 1);
  private final Tensor from = TestModels.normal(new SplittableRandom(4), Shape.of(1, INPUTS), 0.2);

  @Override
  protected AttributionMethod<?> method() {
    return new GuidedIntegratedGradients();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("steps", "12", "distance", "0.25");
  }

  private static double fact(Attribution answer, String name) {
    return Objects.requireNonNull(answer.facts().get(name), name);
  }

  /** f = Σ_j v_j tanh(w_j · x). */
  private Model waves() {
    return TestModels.of(
        "waves",
        Shape.of(INPUTS),
        1,
        (b, in) ->
            b.matMul(b.unary(UnaryFunction.TANH, b.matMul(in, b.constant(w))), b.constant(v)));
  }

  private double[] gradient(double[] at) {
    double[] g = new double[INPUTS];
    for (int j = 0; j < UNITS; j++) {
      int unit = j;
      double sum = IntStream.range(0, INPUTS).mapToDouble(i -> at[i] * w(i, unit)).sum();
      double slope = v.get(j) * (1 - Math.tanh(sum) * Math.tanh(sum));
      Arrays.setAll(g, i -> g[i] + slope * w(i, unit));
    }
    return g;
  }

  private double w(int input, int unit) {
    return w.get(input * UNITS + unit);
  }

  private static double distance(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> Math.abs(a[i] - b[i])).sum();
  }

  /** The paper's algorithm: the points between its moves, the ends included. */
  private List<double[]> points(double[] start, double[] end, double fraction, int moves) {
    List<double[]> points = new ArrayList<>(List.of(start));
    double[] at = start.clone();
    double total = distance(start, end);
    for (int t = 1; t <= moves; t++) {
      double[] y = Arrays.stream(gradient(at)).map(Math::abs).toArray();
      double target = total * (1 - (double) t / moves);
      while (distance(at, end) > target + 1e-13 * total) {
        step(at, end, y, fraction, target);
      }
      points.add(at.clone());
    }
    return points;
  }

  /** To the p-quantile, where what has arrived counts as infinite. */
  private static void step(double[] at, double[] end, double[] y, double fraction, double target) {
    double current = distance(at, end);
    Arrays.setAll(y, i -> at[i] == end[i] ? Double.POSITIVE_INFINITY : y[i]);
    double quantile = Arrays.stream(y).sorted().toArray()[(int) (fraction * (y.length - 1))];
    int[] chosen =
        IntStream.range(0, y.length).filter(i -> at[i] != end[i] && y[i] <= quantile).toArray();
    double way = Arrays.stream(chosen).mapToDouble(i -> Math.abs(end[i] - at[i])).sum();
    double delta = (current - target) / way;
    for (int i : chosen) {
      at[i] = delta > 1 ? end[i] : (1 - delta) * at[i] + delta * end[i];
    }
  }

  private void integrate(List<double[]> points, double[] trapezoid, double[] paper) {
    for (int k = 0; k + 1 < points.size(); k++) {
      double[] here = points.get(k);
      double[] next = points.get(k + 1);
      double[] g = gradient(here);
      double[] h = gradient(next);
      for (int i = 0; i < INPUTS; i++) {
        trapezoid[i] += (g[i] + h[i]) / 2 * (next[i] - here[i]);
        paper[i] += g[i] * (next[i] - here[i]);
      }
    }
  }

  private AttributionRequest request() {
    return AttributionRequest.of(waves(), x, ID).withBaseline(new Baseline.Given(from, "from"));
  }

  @ParameterizedTest
  @CsvSource({"1, 60, 0.1", "1, 7, 0.35", "0.25, 40, 0.1", "0.05, 200, 0", "0.5, 90, 1"})
  void agreesWithThePapersAlgorithmInPlainJava(double distance, int steps, double fraction) {
    int segments = (int) Math.round(1 / distance);
    double[] trapezoid = new double[INPUTS];
    double[] paper = new double[INPUTS];
    for (int s = 0; s < segments; s++) {
      double a = (double) s / segments;
      double b = (s + 1.0) / segments;
      double[] start = from.zip(x, (p, q) -> p + a * (q - p)).toDoubles();
      double[] end = from.zip(x, (p, q) -> p + b * (q - p)).toDoubles();
      integrate(points(start, end, fraction, Math.ceilDiv(steps, segments)), trapezoid, paper);
    }
    Attribution answer =
        attributor()
            .attribute(
                request()
                    .withOption("distance", distance)
                    .withOption("steps", steps)
                    .withOption("fraction", fraction));
    double[] found = answer.value().toDoubles();
    assertArrayEquals(trapezoid, found, 1e-12);
    assertEquals(segments, fact(answer, "segments"));
    double missing = Arrays.stream(paper).sum() - answer.sum() + fact(answer, "residual");
    assertTrue(Math.abs(fact(answer, "residual")) < Math.abs(missing) / 5, "paper's " + missing);
    assertTrue(distance(paper, found) < 15.0 / steps, "the paper's own rule comes near");
  }

  /**
   * x₁ x₂ from (0, 0) to (2, 3): the first little steps apart, x₂ goes first, as x₁ > 0 is less.
   */
  @Test
  void whatTheTargetIsLeastSensitiveToGoesFirst() {
    Model product =
        TestModels.of(
            "product",
            Shape.of(2),
            1,
            (b, in) -> b.mul(b.slice(in, 1, 0, 1), b.slice(in, 1, 1, 2)));
    AttributionRequest request =
        AttributionRequest.of(product, Tensor.of(Shape.of(1, 2), 2.0, 3.0), ID)
            .withBaseline(new Baseline.Zero());
    Attribution free =
        attributor().attribute(request.withOption("distance", 1).withOption("steps", 1000));
    assertArrayEquals(new double[] {6, 0}, free.value().toDoubles(), 0.02);
    assertEquals(6, free.sum(), 1e-12);
    Attribution anchored = attributor().attribute(request);
    assertEquals(6, anchored.sum(), 1e-12);
    double share = anchored.value().get(0);
    assertTrue(share > 3.05 && share < 5.9, "between straight and free, it is " + share);
  }

  @Test
  void manyAnchorsLeadAlongTheStraightLine() {
    double[] guided =
        attributor()
            .attribute(request().withOption("distance", 0.001).withOption("steps", 1000))
            .value()
            .toDoubles();
    double[] straight =
        attributor()
            .attribute(
                request()
                    .withMethod("integrated-gradients")
                    .withOption("quadrature", "gauss-legendre"))
            .value()
            .toDoubles();
    assertArrayEquals(straight, guided, 1e-3);
    double[] free = attributor().attribute(request().withOption("distance", 1)).value().toDoubles();
    assertTrue(distance(straight, free) > 0.1, "the free path is another one");
  }

  /** A quarter of the residual, roughly, for twice the steps: where a move ends is not smooth. */
  @Test
  void theResidualIsStatedAndFalls() {
    AttributionRequest request = request().withOption("distance", 1);
    Attribution coarse = attributor().attribute(request.withOption("steps", 100));
    Attribution fine = attributor().attribute(request.withOption("steps", 1600));
    double change = fact(coarse, "output") - fact(coarse, "output-at-baseline");
    assertEquals(coarse.sum() - change, fact(coarse, "residual"), 1e-14);
    assertEquals(0, fact(coarse, "residual"), 1e-3);
    assertEquals(0, fact(fine, "residual"), Math.abs(fact(coarse, "residual")) / 50);
  }

  @Test
  void severalBaselinesGiveMeanAndStandardError() {
    Tensor other = x.zip(x, (a, b) -> -0.5 * a);
    double[] one = attributor().attribute(request()).value().toDoubles();
    double[] two =
        attributor()
            .attribute(request().withBaseline(new Baseline.Given(other, "other")))
            .value()
            .toDoubles();
    Baseline both = new Baseline.Given(Tensor.concatRows(List.of(from, other)), "both");
    Attribution mean = attributor().attribute(request().withBaseline(both));
    double[] expected = new double[INPUTS];
    Arrays.setAll(expected, i -> (one[i] + two[i]) / 2);
    assertArrayEquals(expected, mean.value().toDoubles(), 1e-12);
    Tensor errors = Objects.requireNonNull(mean.errors().get("x"));
    assertEquals(Math.abs(one[7] - two[7]) / 2, errors.get(7), 1e-12);
    assertEquals(2 * 20 * 11, fact(mean, "steps"));
  }
}
