package wherefore.method.paths;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class IntegratedGradientsTest extends MethodContract {
  private static final String ID = "integrated-gradients";

  @Override
  protected AttributionMethod<?> method() {
    return new IntegratedGradients();
  }

  private static Attribution explain(Model model, double... x) {
    return attributor().attribute(AttributionRequest.of(model, input(x), ID));
  }

  private static Tensor input(double... x) {
    return Tensor.of(Shape.of(1, x.length), x);
  }

  private static double fact(Attribution attribution, String name) {
    Double value = attribution.facts().get(name);
    if (value == null) {
      throw new AssertionError("no fact " + name + " in " + attribution.facts());
    }
    return value;
  }

  @ParameterizedTest
  @EnumSource
  void ofALinearModelIsWeightTimesDifference(Quadrature quadrature) {
    AttributionRequest request =
        AttributionRequest.of(TestModels.linear(2, -3, 0.5), input(5, 6, 7), ID)
            .withBaseline(new Baseline.Constant(1))
            .withOption("quadrature", quadrature.name());
    Attribution attribution = attributor().attribute(request);
    assertArrayEquals(new double[] {8, -15, 3}, attribution.value().toDoubles(), 1e-13);
    assertEquals(0, fact(attribution, "residual"), 1e-13);
  }

  @Test
  void ofAProductSplitsEvenly() {
    Model product =
        TestModels.of(
            "product", Shape.of(2), 1, (b, x) -> b.mul(b.slice(x, 1, 0, 1), b.slice(x, 1, 1, 2)));
    assertArrayEquals(new double[] {3, 3}, explain(product, 2, 3).value().toDoubles(), 1e-12);
  }

  /** A network whose first layer is moved past the path and past the sum. */
  @Test
  void theBatchesLeaveNoTraceOfWhatIsMoved() {
    SplittableRandom random = new SplittableRandom(20);
    Tensor kernel = TestModels.normal(random, Shape.of(12, 3, 5, 5), 0.2);
    Tensor bias = TestModels.normal(random, Shape.of(12), 0.2);
    Tensor dense = TestModels.normal(random, Shape.of(12 * 64, 3), 0.1);
    Model model =
        TestModels.of(
            "wide",
            Shape.of(3, 16, 16),
            3,
            (b, x) -> {
              Window w = Window.of(5, 5).strides(2, 2).pads(2, 2);
              Value h = b.apply(new Primitive.Conv(w, 1), x, b.constant(kernel), b.constant(bias));
              h = b.apply(new Composite.Softplus(), h);
              int rows = x.shape().dim(0);
              return b.matMul(b.reshape(h, Shape.of(rows, 12 * 64)), b.constant(dense));
            });
    AttributionRequest request =
        AttributionRequest.of(model, TestModels.example(model, 4), ID)
            .withBaseline(new Baseline.Zero())
            .withOption("quadrature", "trapezoid")
            .withOption("steps", 44);
    Attribution expected = attributor().attribute(request);
    for (String rows : List.of("1", "2", "7", "32")) {
      assertEquals(expected.values(), with("wherefore.rows", rows, request).values(), rows);
    }
    String all = "compute-once,expand-late,interpolate-late,sum-early";
    Attribution plain = with("wherefore.rewrites.disable", all, request);
    assertArrayEquals(plain.value().toDoubles(), expected.value().toDoubles(), 1e-13);
    assertNotEquals(plain.values(), expected.values(), "nothing was moved");
    assertEquals(
        Map.of("wherefore.rewrites.disable", all), plain.provenance().orElseThrow().settings());
  }

  private static Attribution with(String setting, String value, AttributionRequest request) {
    System.setProperty(setting, value);
    try {
      return attributor().attribute(request);
    } finally {
      System.clearProperty(setting);
    }
  }

  /** A sigmoid far in saturation: the gradient sees nothing, the integral sees the whole change. */
  @Test
  void seesThroughSaturation() {
    Model saturated =
        TestModels.of(
            "saturated", Shape.of(1), 1, (b, x) -> b.unary(UnaryFunction.SIGMOID, b.mul(x, 10)));
    AttributionRequest request =
        AttributionRequest.of(saturated, input(3), ID).withTarget(Target.of(0).asProbability());
    Attribution attribution = attributor().attribute(request);
    assertEquals(0.5, attribution.sum(), 5e-4);
    assertEquals(1, fact(attribution, "converged"));
  }

  /**
   * A spike that one of the first points hits lets the attribution look large; what was good enough
   * for that stays settled when it turns out to be small, and in the end everything is settled.
   */
  @Test
  void adaptiveEndsWhereAllIsSettledAndTheAttributionHasShrunk() {
    double width = 5e-4;
    double ripple = 0.002;
    Model spiked =
        TestModels.of(
            "spiked",
            Shape.of(1),
            1,
            (b, x) ->
                b.add(
                    b.mul(
                        b.unary(UnaryFunction.ERF, b.mul(b.add(x, -0.25), 1 / width)),
                        width * Math.sqrt(Math.PI) / 2),
                    b.mul(
                        b.unary(UnaryFunction.SIN, b.mul(b.add(x, -0.5), 4 * Math.PI)),
                        ripple / (4 * Math.PI))));
    AttributionRequest request =
        AttributionRequest.of(spiked, input(1), ID)
            .withBaseline(new Baseline.Zero())
            .withOption("floor", 1000)
            .withOption("accuracy", 0.1);
    Attribution attribution = attributor().attribute(request);
    assertEquals(width * Math.sqrt(Math.PI), attribution.sum(), 1e-4);
    assertEquals(0, fact(attribution, "converged"));
    assertTrue(fact(attribution, "steps") < 1000, attribution.facts()::toString);
  }

  /** max(0, 1 − max(0, 1 − x)) at 2: flat at the input, yet x made the output rise by 1. */
  @Test
  void adaptiveFindsAKinkThatFiftyPointsMiss() {
    Model kinked =
        TestModels.of(
            "kinked",
            Shape.of(1),
            1,
            (b, x) -> {
              var relu = new Composite.Relu();
              var inner = b.apply(relu, b.add(b.neg(b.mul(x, 40)), 1));
              return b.apply(relu, b.add(b.neg(inner), 1));
            });
    Attribution adaptive = explain(kinked, 2);
    assertEquals(1, adaptive.sum(), 1e-3);
    AttributionRequest fixed =
        AttributionRequest.of(kinked, input(2), ID).withOption("quadrature", "riemann_middle");
    double residual = fact(attributor().attribute(fixed), "residual");
    assertTrue(Math.abs(residual) > 0.01, "50 midpoints are off by " + residual);
  }

  @Test
  void accuracyBoundsEachElementAndPointsRunOutHonestly() {
    Model model = TestModels.convolutional();
    AttributionRequest request = request(model, 11).withOption("accuracy", 1e-4);
    Attribution accurate = attributor().attribute(request.withOption("steps", 20_000));
    AttributionRequest fine =
        request(model, 11).withOption("quadrature", "riemann-middle").withOption("steps", 20_000);
    double[] truth = attributor().attribute(fine).value().toDoubles();
    double largest = 0;
    for (double v : truth) {
      largest = Math.max(largest, Math.abs(v));
    }
    assertArrayEquals(truth, accurate.value().toDoubles(), 2e-4 * largest);
    assertEquals(1, fact(accurate, "converged"));
    Attribution stopped = attributor().attribute(request.withOption("steps", 9));
    assertEquals(0, fact(stopped, "converged"));
    assertTrue(fact(stopped, "steps") <= 9);
  }

  @Test
  void severalBaselinesGiveMeanAndStandardError() {
    Model square =
        TestModels.of("square", Shape.of(1), 1, (b, x) -> b.binary(BinaryFunction.POW, x, 2));
    Tensor baselines = Tensor.of(Shape.of(3, 1), 0.0, 1.0, 2.0);
    AttributionRequest request =
        AttributionRequest.of(square, input(3), ID)
            .withBaseline(new Baseline.Given(baselines, "three"));
    Attribution attribution = attributor().attribute(request);
    assertEquals((9 + 8 + 5) / 3.0, attribution.value().get(0), 1e-9);
    double deviation = Math.sqrt((squared(9) + squared(8) + squared(5)) / 2);
    assertEquals(
        deviation / Math.sqrt(3), attribution.errors().firstEntry().getValue().get(0), 1e-9);
  }

  private static double squared(double value) {
    return (value - 22 / 3.0) * (value - 22 / 3.0);
  }

  @Test
  void toALayerTheSumIsTheSame() {
    AttributionRequest request = request(TestModels.convolutional(), 12);
    double atInput = attributor().attribute(request).sum();
    double atLayer = attributor().attribute(request.withTo("conv1")).sum();
    assertEquals(atInput, atLayer, 4e-3 * Math.max(Math.abs(atInput), 0.01));
  }

  @Test
  void tooFewStepsForAdaptiveAreRefused() {
    AttributionRequest request =
        AttributionRequest.of(TestModels.linear(1), input(1), ID).withOptions(Map.of("steps", "3"));
    AttributionException refusal =
        assertThrows(AttributionException.class, () -> attributor().attribute(request));
    assertEquals(
        "integrated-gradients: option steps is 3; adaptive takes at least 9", refusal.getMessage());
  }
}
