package wherefore.method.perturbation;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class FeaturePermutationTest extends MethodContract {
  private static final double[][] BATCH = {{2, 1, 4}, {1, 3, 0}, {-1, 2, 5}};

  /** x0 x1 + x2. */
  private static final Model PRODUCT =
      TestModels.of(
          "product",
          Shape.of(3),
          1,
          (b, x) -> b.add(b.mul(b.slice(x, 1, 0, 1), b.slice(x, 1, 1, 2)), b.slice(x, 1, 2, 3)));

  @Override
  protected AttributionMethod<?> method() {
    return new FeaturePermutation();
  }

  private static double f(double[] x) {
    return x[0] * x[1] + x[2];
  }

  /** The mean over all permutations of three examples. */
  private static double byHand(int feature) {
    List<int[]> orders =
        List.of(
            new int[] {0, 1, 2},
            new int[] {0, 2, 1},
            new int[] {1, 0, 2},
            new int[] {1, 2, 0},
            new int[] {2, 0, 1},
            new int[] {2, 1, 0});
    double sum = 0;
    for (int[] order : orders) {
      for (int r = 0; r < 3; r++) {
        double[] exchanged = BATCH[r].clone();
        exchanged[feature] = BATCH[order[r]][feature];
        sum += (f(BATCH[r]) - f(exchanged)) / 18;
      }
    }
    return sum;
  }

  @Test
  void tendsToTheMeanOverAllPermutations() {
    Tensor others = Tensor.of(Shape.of(2, 3), 1, 3, 0, -1, 2, 5.0);
    Attribution answer =
        attributor()
            .attribute(
                AttributionRequest.of(PRODUCT, Tensor.of(Shape.of(1, 3), BATCH[0]), method().id())
                    .withBaseline(new Baseline.Given(others, "two"))
                    .withOption("permutations", 2000)
                    .withSeed(5));
    Tensor errors = requireNonNull(answer.errors().get("x"));
    for (int i = 0; i < 3; i++) {
      assertEquals(byHand(i), answer.value().get(i), 4 * errors.get(i) + 1e-12, "feature " + i);
    }
    assertTrue(errors.get(0) > 0 && errors.get(0) < 0.1, "error " + errors.get(0));
    assertEquals(3, requireNonNull(answer.facts().get("examples")));
  }

  @Test
  void anAdditiveModelLosesNothing() {
    Attribution answer =
        attributor()
            .attribute(
                AttributionRequest.of(
                        TestModels.linear(1, 2), Tensor.of(Shape.of(1, 2), 3, 4.0), method().id())
                    .withBaseline(new Baseline.Zero()));
    assertArrayEquals(new double[2], answer.value().toDoubles(), 1e-12);
  }
}
