package wherefore.method.causal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class ActivationMaximizationTest extends MethodContract {
  private static final String ID = "activation-maximization";

  @Override
  protected AttributionMethod<?> method() {
    return new ActivationMaximization();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("steps", "5");
  }

  /** At the zero of these networks of ReLUs nothing slopes, so the first step goes at random. */
  @Override
  protected boolean ignoresDummies() {
    return false;
  }

  private static double fact(Attribution attribution, String name) {
    return Objects.requireNonNull(attribution.facts().get(name), name);
  }

  /** w · x − decay/2 · Σ x² is greatest at w / decay. */
  @Test
  void ofALinearModelIsItsWeightsByThePriceOfSize() {
    Tensor x = Tensor.of(Shape.of(1, 3), 5.0, 6.0, 7.0);
    AttributionRequest request =
        AttributionRequest.of(TestModels.linear(2, -3, 0.5), x, ID)
            .withOption("decay", 0.5)
            .withOption("steps", 4000);
    Attribution free = attributor().attribute(request);
    assertArrayEquals(new double[] {4, -6, 1}, free.value().toDoubles(), 1e-3);
    assertEquals(3, fact(free, "output-at-start"));
    Attribution bounded = attributor().attribute(request.withOption("low", -2));
    assertArrayEquals(new double[] {4, -2, 1}, bounded.value().toDoubles(), 1e-3);
  }

  /** The unit is a kernel at one place, so the input found is that kernel, there. */
  @Test
  void aConvolutionsUnitLooksForItsKernel() {
    Model model = TestModels.convolutional();
    AttributionRequest request =
        AttributionRequest.of(model, TestModels.example(model, 1), ID)
            .withTarget(Target.parse("conv1[1,3,2]"))
            .withOption("jitter", 0)
            .withOption("variation", 0)
            .withOption("decay", 0.1)
            .withOption("steps", 2000);
    Tensor kernel = TestModels.normal(new SplittableRandom(2), Shape.of(3, 2, 3, 3), 0.4);
    double[] expected = new double[84];
    for (int c = 0; c < 2; c++) {
      for (int k = 0; k < 9; k++) {
        expected[c * 42 + (2 + k / 3) * 6 + 1 + k % 3] = kernel.get((2 + c) * 9 + k) / 0.1;
      }
    }
    Tensor found = attributor().attribute(request).value();
    assertArrayEquals(expected, found.toDoubles(), 2e-2);
  }

  private static AttributionRequest image() {
    Model model = TestModels.convolutional();
    return AttributionRequest.of(model, TestModels.example(model, 1), ID)
        .withTarget(Target.of(2))
        .withBaseline(new Baseline.Constant(0.5))
        .withOption("jitter", 0);
  }

  @Test
  void theUnitRisesAndVariationSmoothes() {
    Attribution rough = attributor().attribute(image().withOption("variation", 0));
    Attribution smooth = attributor().attribute(image().withOption("variation", 1));
    assertTrue(
        fact(rough, "output") > fact(rough, "output-at-start") + 1, rough.facts().toString());
    assertTrue(
        fact(smooth, "variation") < fact(rough, "variation") / 2,
        smooth.facts() + " " + rough.facts());
  }

  @Test
  void jitterIsDrawnFromTheSeed() {
    Attribution still = attributor().attribute(image());
    assertEquals(still.values(), attributor().attribute(image().withSeed(1)).values());
    AttributionRequest jittered = image().withOption("jitter", 0.2);
    Attribution moved = attributor().attribute(jittered);
    assertNotEquals(still.values(), moved.values());
    assertNotEquals(moved.values(), attributor().attribute(jittered.withSeed(1)).values());
  }

  @Test
  void whatIsMovedComesBack() {
    Shape shape = Shape.of(1, 2, 4, 3);
    Planes planes = new Planes(shape, List.of(2, 3));
    double[] x = TestModels.normal(new SplittableRandom(5), shape, 1).toDoubles();
    double[] moved = planes.moved(x, new int[] {-1, 2});
    assertEquals(x[shape.dim(3) + 0], moved[2], "row 1, column 0 is now row 0, column 2");
    assertArrayEquals(x, planes.moved(moved, new int[] {1, -2}));
  }

  @Test
  void theVariationsGradientIsItsDifference() {
    Shape shape = Shape.of(1, 2, 4, 3);
    Planes planes = new Planes(shape, List.of(2, 3));
    double[] x = TestModels.normal(new SplittableRandom(6), shape, 1).toDoubles();
    double[] gradient = planes.variationGradient(x);
    for (int i = 0; i < x.length; i++) {
      double[] up = x.clone();
      double[] down = x.clone();
      up[i] += 1e-4;
      down[i] -= 1e-4;
      double difference = (planes.variation(up) - planes.variation(down)) / 2e-4;
      assertEquals(difference, gradient[i], 1e-8, "element " + i);
    }
  }
}
