package wherefore.method.perturbation;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class LimeTest extends MethodContract {
  private static final int PLAYERS = 6;

  @Override
  protected AttributionMethod<?> method() {
    return new Lime();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("samples", "150");
  }

  @Override
  protected boolean ignoresDummies() {
    return false;
  }

  private static AttributionRequest linear() {
    Tensor x = Tensor.of(Shape.of(1, 3), 5, 6, 7.0);
    return AttributionRequest.of(TestModels.linear(2, -3, 0.5), x, "lime")
        .withBaseline(new Baseline.Constant(1));
  }

  @Test
  void aLinearModelIsItsOwnExplanation() {
    Attribution answer = attributor().attribute(linear().withOption("alpha", 0));
    assertArrayEquals(new double[] {8, -15, 3}, answer.value().toDoubles(), 1e-9);
    assertEquals(1, requireNonNull(answer.facts().get("r-squared")), 1e-12);
    assertEquals(2 - 3 + 0.5 + 3, requireNonNull(answer.facts().get("intercept")), 1e-9);
  }

  @Test
  void lassoDropsWhatMattersLeast() {
    Attribution answer =
        attributor()
            .attribute(linear().withOption("regression", "lasso").withOption("alpha", 2000));
    assertTrue(requireNonNull(answer.facts().get("chosen")) < 3, answer.facts().toString());
  }

  @Test
  void tooFewSamplesAreRefused() {
    AttributionRequest request = linear().withOption("alpha", 0).withOption("samples", 3);
    String message =
        assertThrows(AttributionException.class, () -> attributor().attribute(request))
            .getMessage();
    assertTrue(requireNonNull(message).contains("3 players need more than 3 samples"), message);
  }

  // --- the objective, written out -------------------------------------------------------------

  private record Drawn(List<BitSet> z, double[] y, double[] pi) {
    static Drawn of(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      List<BitSet> z = new ArrayList<>();
      double[] y = new double[40];
      double[] pi = new double[40];
      for (int k = 0; k < y.length; k++) {
        BitSet present = new BitSet();
        for (int i = 0; i < PLAYERS; i++) {
          present.set(i, random.nextBoolean());
        }
        z.add(present);
        y[k] = random.nextGaussian() + 2 * (present.get(0) ? 1 : 0) - (present.get(3) ? 1 : 0);
        pi[k] = random.nextDouble();
      }
      return new Drawn(z, y, pi);
    }

    double objective(Fit fit, double[] moved, double shift, double alpha, boolean squares) {
      double total = Arrays.stream(pi).sum();
      double sum = 0;
      for (int k = 0; k < y.length; k++) {
        double g = fit.intercept() + shift;
        for (int i = 0; i < PLAYERS; i++) {
          g += z.get(k).get(i) ? moved[i] : 0;
        }
        sum += pi[k] * y.length / total * (g - y[k]) * (g - y[k]);
      }
      for (double w : moved) {
        sum += alpha * (squares ? w * w : Math.abs(w));
      }
      return sum;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noOtherWeightsAreBetter(boolean squares) {
    long seed = new SplittableRandom().nextLong();
    Drawn drawn = Drawn.of(seed);
    LocalRegression regression = new LocalRegression(drawn.z(), drawn.y(), drawn.pi(), PLAYERS);
    Fit fit = squares ? regression.ridge(3) : regression.lasso(3);
    double best = drawn.objective(fit, fit.weights(), 0, 3, squares);
    SplittableRandom random = new SplittableRandom(seed);
    for (int trial = 0; trial < 2000; trial++) {
      double[] moved = fit.weights().clone();
      double step = Math.pow(10, -random.nextInt(5));
      moved[random.nextInt(PLAYERS)] += step * random.nextGaussian();
      moved[random.nextInt(PLAYERS)] += step * random.nextGaussian();
      double shift = random.nextBoolean() ? 0 : step * random.nextGaussian();
      double other = drawn.objective(fit, moved, shift, 3, squares);
      assertTrue(other >= best - 1e-10, "seed " + seed + ": " + other + " below " + best);
    }
  }
}
