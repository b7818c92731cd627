package wherefore.method.perturbation;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

class FeatureAblationTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new FeatureAblation();
  }

  private static double f(Model model, double[] x, Shape shape) {
    Map<String, Tensor> outputs =
        attributor().predict(model, Map.of("x", Tensor.of(shape, x)), Optional.of("reference"));
    return requireNonNull(outputs.get("y")).get(2);
  }

  /** To the bit: blocks at the edges are smaller, so that there are several sizes of patches. */
  @ParameterizedTest
  @CsvSource({"3,4", "5,2", "1,1", "17,3"})
  void aBlockGetsWhatItsLossCosts(int height, int width) {
    long seed = new SplittableRandom().nextLong(1 << 20);
    Model model = RandomImages.model(seed);
    Tensor x = TestModels.example(model, seed);
    Attribution actual =
        attributor()
            .attribute(
                AttributionRequest.of(model, x, "feature-ablation")
                    .withBackend("reference")
                    .withTarget(Target.of(2))
                    .withBaseline(new Baseline.Constant(0.25))
                    .withOption("players", "grid(%d,%d)".formatted(height, width)));
    Shape shape = x.shape();
    double whole = f(model, x.toDoubles(), shape);
    double[] expected = new double[x.size()];
    for (int e = 0; e < expected.length; e++) {
      double[] without = x.toDoubles();
      for (int o = 0; o < expected.length; o++) {
        boolean together =
            row(shape, o) / height == row(shape, e) / height
                && o % shape.dim(3) / width == e % shape.dim(3) / width;
        without[o] = together ? 0.25 : without[o];
      }
      expected[e] = whole - f(model, without, shape);
    }
    assertArrayEquals(expected, actual.value().toDoubles(), 0, "seed " + seed);
  }

  private static int row(Shape shape, int element) {
    return element / shape.dim(3) % shape.dim(2);
  }

  @Test
  void eachElementOfAGroupBearsTheWholeDifference() {
    AttributionRequest request =
        AttributionRequest.of(
                TestModels.linear(2, -3, 0.5), Tensor.of(Shape.of(1, 3), 5, 6, 7.0), method().id())
            .withBaseline(new Baseline.Constant(1))
            .withOption("players", "groups(0+2)");
    Attribution answer = attributor().attribute(request);
    assertArrayEquals(new double[] {11, -15, 11}, answer.value().toDoubles(), 1e-12);
    assertEquals(2, requireNonNull(answer.facts().get("players")));
  }

  @Test
  void aDenseModelIsComputedWhole() {
    Attribution answer = attributor().attribute(request(TestModels.perceptron(), 12));
    assertEquals(7, requireNonNull(answer.facts().get("work")), "six elements and the input");
    assertTrue(answer.errors().isEmpty());
  }
}
