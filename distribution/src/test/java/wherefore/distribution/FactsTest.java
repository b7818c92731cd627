package wherefore.distribution;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.model.Model;
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
