package wherefore.distribution;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

/** What textbooks say of the methods, with their own numbers, on all methods that are assembled. */
class FactsTest {
  private static final Map<String, String> ACCURATE =
      Map.of("tolerance", "1e-9", "accuracy", "1e-9", "steps", "100000");

  private final Attributor attributor =
      ServiceLoader.load(Attributor.class).findFirst().orElseThrow();

  private interface Body {
    Value of(GraphBuilder b, Value x);
  }

  private static Model model(int inputs, Body body) {
    return TestModels.of("f", Shape.of(inputs), 1, body::of);
  }

  private static Value at(GraphBuilder b, Value x, int place) {
    return b.slice(x, 1, place, place + 1);
  }

  private static Value relu(GraphBuilder b, Value x) {
    return b.apply(new Composite.Relu(), x);
  }

  private static AttributionRequest asked(String method, Model model, double... x) {
    return AttributionRequest.of(model, Tensor.of(Shape.of(1, x.length), x), method)
        .withBaseline(new Baseline.Zero())
        .withBackend("reference");
  }

  private double[] explain(String method, Model model, double... x) {
    return values(asked(method, model, x));
  }

  private double[] exact(Model model, double... x) {
    return values(asked("integrated-gradients", model, x).withOptions(ACCURATE));
  }

  private double[] values(AttributionRequest request) {
    return attributor.attribute(request).value().toDoubles();
  }

  // --- saturation -----------------------------------------------------------------------------

  @Test
  void aSaturatedSigmoidHasNoGradientButADifference() {
    Model sigmoid = model(1, (b, x) -> b.add(b.unary(UnaryFunction.SIGMOID, b.mul(x, 10)), 0.0));
    double change = 1 / (1 + Math.exp(-30)) - 0.5;
    assertEquals(0, explain("gradient", sigmoid, 3)[0], 1e-11);
    assertEquals(change, exact(sigmoid, 3)[0], 1e-8);
    assertEquals(change, explain("deeplift", sigmoid, 3)[0], 1e-12);
  }

  /** f = 1 − relu(1 − x), flat behind 1. */
  @Test
  void aDeadReluHasNoGradientButADifference() {
    Model capped = model(1, (b, x) -> b.add(b.neg(relu(b, b.add(b.neg(x), 1.0))), 1.0));
    assertEquals(0, explain("gradient", capped, 2)[0]);
    assertEquals(1, exact(capped, 2)[0], 1e-8);
    assertEquals(1, explain("deeplift", capped, 2)[0], 1e-12);
  }

  /** f = [x > 1]: no slope anywhere, and all of the difference. */
  @Test
  void aStepHasNoGradientButADifference() {
    Model step =
        model(
            1,
            (b, x) -> b.cast(b.compare(Comparison.LESS, b.number(1, x), x), ElementType.FLOAT64));
    assertEquals(0, explain("gradient", step, 3)[0]);
    assertEquals(0, explain("integrated-gradients", step, 3)[0]);
    assertEquals(1, explain("deeplift", step, 3)[0]);
  }

  /**
   * x + σ(4x) tanh(x) from 0 to 1. Linearised at either end, as if the gate stood still, the change
   * is missed by an eighth of it or more; the rule for products keeps it.
   */
  @Test
  void aGatedResidualIsCompleteByTheRuleForProducts() {
    Model gated =
        model(
            1,
            (b, x) ->
                b.add(
                    x,
                    b.mul(
                        b.unary(UnaryFunction.SIGMOID, b.mul(x, 4)),
                        b.unary(UnaryFunction.TANH, x))));
    double open = 1 / (1 + Math.exp(-4));
    double change = 1 + open * Math.tanh(1);
    double atInput = explain("input-x-gradient", gated, 1)[0];
    double atBaseline = explain("gradient", gated, 0)[0];
    assertEquals(1.5, atBaseline, 1e-12);
    assertTrue(Math.abs(atBaseline - change) > change / 8, atBaseline + " for " + change);
    assertTrue(Math.abs(atInput - change) > change / 8, atInput + " for " + change);
    assertEquals(change, explain("deeplift", gated, 1)[0], 1e-12);
  }

  // --- agreement and its limits ---------------------------------------------------------------

  @Test
  void onOnePathIntegratedGradientsAreDeepLift() {
    Model chain =
        model(
            1,
            (b, x) ->
                b.unary(
                    UnaryFunction.TANH, b.add(b.mul(relu(b, b.add(b.mul(x, 3), -1.0)), 0.4), 0.2)));
    assertEquals(explain("deeplift", chain, 2)[0], exact(chain, 2)[0], 1e-9);
  }

  /** x₀ x₁: the straight path shares it evenly, and so does Shapley; ablation counts it twice. */
  @Test
  void anInteractionIsSharedEvenly() {
    Model product = model(2, (b, x) -> b.mul(at(b, x, 0), at(b, x, 1)));
    assertArrayEquals(new double[] {3, 3}, exact(product, 2, 3), 1e-9);
    assertArrayEquals(new double[] {3, 3}, explain("shap", product, 2, 3), 1e-12);
    assertArrayEquals(new double[] {6, 6}, explain("feature-ablation", product, 2, 3), 1e-12);
  }

  /** x₀ x₁ from (0, 0) to (2, 3): by way of (2, 0), and by way of where the slope is least. */
  @Test
  void theSharesOfAnInteractionDependOnThePathTheirSumDoesNot() {
    Model product = model(2, (b, x) -> b.mul(at(b, x, 0), at(b, x, 1)));
    Tensor corners = Tensor.of(Shape.of(2, 2), 0.0, 0.0, 2.0, 0.0);
    AttributionRequest polyline =
        asked("integrated-gradients", product, 2, 3)
            .withBaseline(new Baseline.Given(corners, "corners"))
            .withOption("path", "polyline");
    AttributionRequest guided =
        asked("guided-integrated-gradients", product, 2, 3)
            .withOptions(Map.of("distance", "1", "steps", "1000"));
    assertArrayEquals(new double[] {0, 6}, values(polyline), 1e-12);
    assertArrayEquals(new double[] {6, 0}, values(guided), 0.02);
    for (AttributionRequest request : List.of(polyline, guided)) {
      assertEquals(6, Arrays.stream(values(request)).sum(), 1e-12);
    }
  }

  /** Without interactions all complete methods agree. */
  @Test
  void aSumOfFunctionsOfOneElementLeavesNoChoice() {
    Model separable =
        model(
            2,
            (b, x) ->
                b.add(b.mul(at(b, x, 0), at(b, x, 0)), b.unary(UnaryFunction.SIN, at(b, x, 1))));
    double[] expected = {4, Math.sin(1.3)};
    for (String method : List.of("shap", "deeplift", "feature-ablation")) {
      assertArrayEquals(expected, explain(method, separable, 2, 1.3), 1e-12, method);
    }
    assertArrayEquals(expected, exact(separable, 2, 1.3), 1e-9);
  }

  /**
   * relu(relu(x₀) − 1 − relu(x₁)) and relu(relu(x₀ − 1) − relu(x₁)) are one function (Sundararajan,
   * Taly, Yan 2017, figure 7).
   */
  @Test
  void oneFunctionInTwoNetworks() {
    Model one =
        model(2, (b, x) -> relu(b, b.sub(b.add(relu(b, at(b, x, 0)), -1.0), relu(b, at(b, x, 1)))));
    Model other =
        model(2, (b, x) -> relu(b, b.sub(relu(b, b.add(at(b, x, 0), -1.0)), relu(b, at(b, x, 1)))));
    assertArrayEquals(new double[] {1.5, -0.5}, exact(one, 3, 1), 1e-7);
    assertArrayEquals(exact(one, 3, 1), exact(other, 3, 1), 1e-7);
    assertArrayEquals(explain("shap", one, 3, 1), explain("shap", other, 3, 1), 1e-12);
    assertTrue(
        Math.abs(explain("deeplift", one, 3, 1)[0] - explain("deeplift", other, 3, 1)[0]) > 0.1);
  }

  /** x₀ + x₁ in one layer, and as (x₀ − x₁) + 2 x₁ in two. */
  @Test
  void relevanceDependsOnHowASumIsWritten() {
    Model one = model(2, (b, x) -> b.matMul(x, b.constant(Tensor.of(Shape.of(2, 1), 1, 1.0))));
    Tensor first = Tensor.of(Shape.of(2, 2), 1, 0, -1, 1.0);
    Tensor second = Tensor.of(Shape.of(2, 1), 1, 2.0);
    Model other = model(2, (b, x) -> b.matMul(b.matMul(x, b.constant(first)), b.constant(second)));
    assertArrayEquals(new double[] {3, 1}, exact(other, 3, 1), 1e-9);
    assertArrayEquals(new double[] {3, 1}, zPlus(one), 1e-5);
    assertArrayEquals(new double[] {2, 2}, zPlus(other), 1e-5);
  }

  private double[] zPlus(Model model) {
    return values(asked("lrp", model, 3, 1).withOption("rule", "z-plus"));
  }

  /** w (x − μ). */
  @Test
  void theShapleyValuesOfALinearModel() {
    Tensor w = Tensor.of(Shape.of(3, 1), 2, -1, 0.5);
    Model linear = model(3, (b, x) -> b.add(b.matMul(x, b.constant(w)), 7.0));
    Tensor background = Tensor.of(Shape.of(2, 3), 0, 2.0, 4, 1, 4, -2);
    for (String algorithm : List.of("linear", "exact", "kernel", "permutation")) {
      AttributionRequest request =
          asked("shap", linear, 3, 2, 1)
              .withBaseline(new Baseline.Given(background, "two rows"))
              .withOption("algorithm", algorithm);
      assertArrayEquals(new double[] {5, 1, 0}, values(request), 1e-9, algorithm);
    }
  }

  // --- shortcuts --------------------------------------------------------------------------------

  /**
   * Eight weak features and a watermark that alone decides: relu(3 mark − 1) + Σ x / 20. The
   * watermark is as large as any other element, so that nothing but an attribution finds it: taken
   * away first it leaves a sixth of the output, and brought back first it restores five.
   */
  @Test
  void aShortcutIsExposedByDeletionAndInsertion() {
    Model model =
        model(
            9,
            (b, x) -> {
              Value mark = relu(b, b.add(b.mul(at(b, x, 4), 3), -1.0));
              Value rest =
                  b.sub(b.sum(x, List.of(1)), b.reshape(at(b, x, 4), Shape.of(x.shape().dim(0))));
              return b.add(mark, b.reshape(b.mul(rest, 0.05), mark.shape()));
            });
    double[] x = {1, 1.2, 0.9, 1.1, 1, 0.8, 1.3, 1, 0.7};
    double whole = output(model, x);
    for (String method : List.of("integrated-gradients", "deeplift", "shap", "lrp")) {
      int[] order = order(explain(method, model, x));
      double[] left = x.clone();
      left[order[0]] = 0;
      double[] alone = new double[9];
      alone[order[0]] = x[order[0]];
      assertEquals(4, order[0], method);
      assertTrue(output(model, left) < 0.2 * whole, method + " leaves " + output(model, left));
      assertTrue(output(model, alone) > 0.8 * whole, method + " brings " + output(model, alone));
      assertTrue(area(model, x, order, false) < area(model, x, IN_TURN, false) / 2, method);
      assertTrue(area(model, x, order, true) > 1.5 * area(model, x, IN_TURN, true), method);
    }
  }

  private static final int[] IN_TURN = {0, 1, 2, 3, 4, 5, 6, 7, 8};

  private static int[] order(double[] attribution) {
    return IntStream.range(0, attribution.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -attribution[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The mean output while elements are taken away, or brought back, one after the other. */
  private double area(Model model, double[] x, int[] order, boolean isInsertion) {
    double[] now = isInsertion ? new double[x.length] : x.clone();
    double sum = output(model, now);
    for (int place : order) {
      now[place] = isInsertion ? x[place] : 0;
      sum += output(model, now);
    }
    return sum / (x.length + 1);
  }

  private double output(Model model, double[] x) {
    Tensor row = Tensor.of(Shape.of(1, x.length), x);
    return requireNonNull(
            attributor.predict(model, Map.of("x", row), Optional.of("reference")).get("y"))
        .get(0);
  }

  // --- noise ----------------------------------------------------------------------------------

  /** x + sin(100 x) / 10: the slope swings between −9 and 11, the function hardly leaves x. */
  @Test
  void aNoisyGradientIsTamed() {
    Model noisy =
        model(1, (b, x) -> b.add(x, b.mul(b.unary(UnaryFunction.SIN, b.mul(x, 100)), 0.1)));
    double at = Math.PI / 100 * 21;
    assertEquals(-9, explain("gradient", noisy, at)[0], 1e-9);
    assertEquals(1, exact(noisy, at)[0] / at, 1e-6);
    Attribution smooth =
        attributor.attribute(
            asked("smoothgrad", noisy, at)
                .withOptions(Map.of("noise", "0.2", "absolute", "true", "samples", "2000")));
    double error = requireNonNull(smooth.errors().firstEntry()).getValue().get(0);
    assertEquals(1, smooth.value().get(0), 4 * error);
    assertTrue(error < 0.25, "standard error " + error);
  }

  /** Σ x² against baselines from a box: the wider the box, the more the attributions differ. */
  @Test
  void theVarianceOverBaselinesGrowsWithTheirBox() {
    Model squares = model(3, (b, x) -> b.sum(b.mul(x, x), List.of(1)));
    double before = 0;
    for (double width : new double[] {0.1, 0.5, 2}) {
      Attribution a =
          attributor.attribute(
              asked("integrated-gradients", squares, 1, 2, 3)
                  .withBaseline(new Baseline.Uniform(-width, width, 30)));
      double error =
          Arrays.stream(requireNonNull(a.errors().firstEntry()).getValue().toDoubles()).sum();
      assertTrue(error > 2 * before, width + ": " + error + " after " + before);
      before = error;
    }
  }
}
