package wherefore.method.causal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class AverageCausalEffectTest extends MethodContract {
  private static final String ID = "average-causal-effect";

  @Override
  protected AttributionMethod<?> method() {
    return new AverageCausalEffect();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("grid", "3");
  }

  private static AttributionRequest linear() {
    Tensor x = Tensor.of(Shape.of(1, 3), 5.0, 6.0, 7.0);
    return AttributionRequest.of(TestModels.linear(2, -3, 0.5), x, ID);
  }

  @Test
  void ofALinearModelIsWeightTimesDistanceFromTheMiddle() {
    double[] expected = {2 * 2.5, -3 * 3.0, 0.5 * 3.5};
    assertArrayEquals(
        expected, attributor().attribute(linear()).value().toDoubles(), 1e-12, "range auto");
    AttributionRequest ranged = linear().withOption("range", "-1,2").withOption("grid", 7);
    assertArrayEquals(
        new double[] {2 * 4.5, -3 * 5.5, 0.5 * 6.5},
        attributor().attribute(ranged).value().toDoubles(),
        1e-12);
  }

  /**
   * x₀ x₁ with x₁ ~ N(½, 1) in the background: setting x₀ to 2 in [−1, 1] on the whole does ½ · 2.
   * Of 30 rows, 1.96 standard errors cover that in 94 of 100 cases.
   */
  @Test
  void theStandardErrorCoversTheExactEffect() {
    Model product =
        TestModels.of(
            "product", Shape.of(2), 1, (b, x) -> b.mul(b.slice(x, 1, 0, 1), b.slice(x, 1, 1, 2)));
    AttributionRequest asked =
        AttributionRequest.of(product, Tensor.of(Shape.of(1, 2), 2.0, 1.0), ID)
            .withOption("range", "-1,1")
            .withOption("grid", 3);
    int covered = 0;
    for (int seed = 0; seed < 200; seed++) {
      Tensor drawn = TestModels.normal(new SplittableRandom(seed), Shape.of(30, 2), 1);
      double[] rows = drawn.toDoubles();
      for (int i = 1; i < rows.length; i += 2) {
        rows[i] += 0.5;
      }
      Tensor background = Tensor.of(drawn.shape(), rows);
      Attribution a =
          attributor()
              .attribute(asked.withBaseline(new Baseline.Given(background, "seed " + seed)));
      double error = Objects.requireNonNull(a.errors().firstEntry()).getValue().get(0);
      covered += Math.abs(a.value().get(0) - 1) <= 1.96 * error ? 1 : 0;
    }
    assertEquals(0.94, covered / 200.0, 0.05);
  }

  /** Against the definition, written as loops over the model's own predictions. */
  @Test
  void agreesWithTheLoopsOfItsDefinition() {
    Model model = TestModels.perceptron();
    Tensor x = TestModels.example(model, 3);
    Tensor background = TestModels.normal(new SplittableRandom(17), Shape.of(5, 6), 1);
    AttributionRequest request =
        AttributionRequest.of(model, x, ID)
            .withTarget(Target.of(1).asProbability())
            .withBaseline(new Baseline.Given(background, "drawn"))
            .withOption("grid", 4)
            .withOption("curve", 2);
    Attribution attribution = attributor().attribute(request);
    double[] effects = new double[6];
    double[] errors = new double[6];
    for (int i = 0; i < 6; i++) {
      double[] each = new double[5];
      for (int b = 0; b < 5; b++) {
        each[b] = set(model, background, b, i, x.get(i)) - gridMean(model, background, x, b, i);
        effects[i] += each[b] / 5;
      }
      for (double e : each) {
        errors[i] += (e - effects[i]) * (e - effects[i]) / 20;
      }
      errors[i] = Math.sqrt(errors[i]);
    }
    assertArrayEquals(effects, attribution.value().toDoubles(), 1e-13);
    assertArrayEquals(
        errors, Objects.requireNonNull(attribution.errors().get("x")).toDoubles(), 1e-13);
    double curve =
        attribution.facts().entrySet().stream()
            .filter(f -> f.getKey().startsWith("effect-at-"))
            .mapToDouble(Map.Entry::getValue)
            .sum();
    assertEquals(6, attribution.facts().size(), attribution.facts().toString());
    assertEquals(0, curve, 1e-13, "effects over the grid are about their mean");
  }

  private static double gridMean(Model model, Tensor background, Tensor x, int b, int i) {
    double low = x.get(i);
    double high = x.get(i);
    for (int row = 0; row < 5; row++) {
      low = Math.min(low, background.get(row * 6 + i));
      high = Math.max(high, background.get(row * 6 + i));
    }
    double sum = 0;
    for (int k = 0; k < 4; k++) {
      sum += set(model, background, b, i, low + (high - low) * k / 3) / 4;
    }
    return sum;
  }

  private static double set(Model model, Tensor background, int b, int i, double value) {
    double[] row = background.rows(b, b + 1).toDoubles();
    row[i] = value;
    Map<String, Tensor> out =
        attributor().predict(model, Map.of("x", Tensor.of(Shape.of(1, 6), row)), Optional.empty());
    return Objects.requireNonNull(out.get("y")).get(1);
  }

  @Test
  void worksOnAFunction() {
    Tensor x = Tensor.of(Shape.of(1, 4), 1.0, 2.0, 0.0, -3.0);
    AttributionRequest request =
        AttributionRequest.of(TestModels.blackBox(), x, ID).withOption("grid", 2);
    assertArrayEquals(
        new double[] {0.5, 2, 0, 4.5}, attributor().attribute(request).value().toDoubles());
  }

  @Test
  void refusesWhatItCannotRead() {
    assertEquals(
        "average-causal-effect: option range is 3; it must be auto, or two numbers as 'low,high',"
            + " the lower one first",
        refusal("range", "3"));
    assertEquals(
        "average-causal-effect: option curve is 3; the input has elements 0 to 2",
        refusal("curve", 3));
  }

  private static String refusal(String option, Object value) {
    return String.valueOf(
        assertThrows(
                AttributionException.class,
                () -> attributor().attribute(linear().withOption(option, value)))
            .getMessage());
  }
}
