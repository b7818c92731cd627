package wherefore.method.perturbation;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Subject;
import wherefore.attribution.Target;
import wherefore.attribution.Variable;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class RiseTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new Rise();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("masks", "300");
  }

  @Override
  protected boolean ignoresDummies() {
    return false;
  }

  /** By the definition: the mean over all masks, each with its probability, of f m(e) / p. */
  private static double expected(double[] weights, double[] x, int element, double p) {
    double sum = 0;
    for (int mask = 0; mask < 1 << x.length; mask++) {
      double f = 3;
      double probability = 1;
      for (int i = 0; i < x.length; i++) {
        boolean seen = (mask >>> i & 1) != 0;
        f += seen ? weights[i] * x[i] : 0;
        probability *= seen ? p : 1 - p;
      }
      sum += (mask >>> element & 1) != 0 ? probability * f / p : 0;
    }
    return sum;
  }

  @Test
  void theStandardErrorCoversTheMeanOverAllMasks() {
    double[] weights = {2, -1, 0.5, 3};
    double[] x = {1, 2, -3, 0.5};
    int held = 0;
    for (int seed = 0; seed < 100; seed++) {
      Attribution answer =
          attributor()
              .attribute(
                  AttributionRequest.of(
                          TestModels.linear(weights), Tensor.of(Shape.of(1, 4), x), "rise")
                      .withBaseline(new Baseline.Zero())
                      .withOption("probability", 0.3)
                      .withOption("masks", 500)
                      .withSeed(seed));
      Tensor errors = requireNonNull(answer.errors().get("x"));
      for (int e = 0; e < 4; e++) {
        double off = Math.abs(answer.value().get(e) - expected(weights, x, e, 0.3));
        held += off <= 1.96 * errors.get(e) ? 1 : 0;
      }
    }
    assertTrue(held > 364 && held < 395, held + " of 400 intervals hold the exact value");
  }

  @Test
  void everyPositionIsSeenAlikeAndNeighboursTogether() {
    Model model = RandomImages.model(7);
    Tensor x = TestModels.example(model, 7);
    Subject subject =
        new Subject(
            model,
            Map.of("x", x),
            List.of(new Variable("x", x, x)),
            List.of(new Variable("x", x, x)),
            Set.of(),
            Target.of(0),
            Tensor.of(Shape.of(1, 3), 1, 0, 0.0));
    int count = 20_000;
    RandomMasks masks = new RandomMasks(subject, 5, 0.4, count, new SplittableRandom(3));
    int positions = masks.positions().count();
    assertEquals(17 * 19, positions);
    double[] mean = new double[positions];
    double steps = 0;
    for (int k = 0; k < count; k++) {
      float[] mask = masks.mask(k);
      for (int p = 0; p < positions; p++) {
        assertTrue(mask[p] >= 0 && mask[p] <= 1, "a mask has " + mask[p]);
        mean[p] += mask[p] / count;
      }
      steps = Math.max(steps, Math.abs(mask[100] - mask[101]));
    }
    assertTrue(steps <= 0.25 + 1e-6, "neighbours, four to a cell, differ by " + steps);
    for (int p = 0; p < positions; p++) {
      assertEquals(0.4, mean[p], 5 * Math.sqrt(0.24 / count), "position " + p);
    }
  }
}
