package wherefore.method.causal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Target;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class CounterfactualTest extends MethodContract {
  private static final String ID = "counterfactual";

  @Override
  protected AttributionMethod<?> method() {
    return new Counterfactual();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("steps", "20", "starts", "2");
  }

  /** f(x) = 2·1 − 3·2 + 0.5·4 + 3 = 1. */
  private static AttributionRequest linear() {
    Tensor x = Tensor.of(Shape.of(1, 3), 1.0, 2.0, 4.0);
    return AttributionRequest.of(TestModels.linear(2, -3, 0.5), x, ID);
  }

  private static double fact(Attribution attribution, String name) {
    return Objects.requireNonNull(attribution.facts().get(name), name);
  }

  @Test
  void ofAPlaneIsTheProjectionOntoIt() {
    Attribution found = attributor().attribute(linear());
    double squares = 4 + 9 + 0.25;
    assertArrayEquals(
        new double[] {-2 / squares, 3 / squares, -0.5 / squares}, found.value().toDoubles(), 1e-7);
    assertEquals(1, fact(found, "flipped"));
    assertEquals(1 / Math.sqrt(squares), fact(found, "distance"), 1e-7);
    assertTrue(fact(found, "output") > 0 && fact(found, "output-at-counterfactual") < 0);
  }

  @Test
  void byTheSumOfChangesItIsTheSteepestElement() {
    Attribution found = attributor().attribute(linear().withOption("distance", "l1"));
    assertArrayEquals(new double[] {0, 1 / 3.0, 0}, found.value().toDoubles(), 1e-7);
    assertEquals(1, fact(found, "changed"));
  }

  /** Up to 2.1 the second element takes 0.3 of the way, the first one the rest. */
  @Test
  void aBoundHandsTheRestToTheNextElement() {
    AttributionRequest bounded =
        AttributionRequest.of(
                TestModels.linear(2, -3, 0.5), Tensor.of(Shape.of(1, 3), 1.0, 2.0, 2.0), ID)
            .withOption("distance", "l1")
            .withOption("threshold", -1)
            .withOption("high", 2.1);
    Attribution found = attributor().attribute(bounded);
    assertEquals(0, fact(found, "output"), 1e-12);
    assertArrayEquals(new double[] {-0.35, 0.1, 0}, found.value().toDoubles(), 1e-7);
  }

  @Test
  void saysThatThereIsNone() {
    AttributionRequest tight =
        linear().withOption("low", 0.9).withOption("high", 4.1).withOption("threshold", -100);
    Attribution found = attributor().attribute(tight);
    assertEquals(0, fact(found, "flipped"));
    assertTrue(fact(found, "margin") < 0);
    assertArrayEquals(
        new double[] {-0.1, 2.1, -3.1}, found.value().toDoubles(), 1e-9, "the farthest corner");
  }

  private static double[] scores(Model model, double[] x) {
    Map<String, Tensor> out =
        attributor().predict(model, Map.of("x", Tensor.of(Shape.of(1, 6), x)), Optional.empty());
    return Objects.requireNonNull(out.get("y")).toDoubles();
  }

  private static int largest(double[] scores) {
    int largest = 0;
    for (int i = 1; i < scores.length; i++) {
      largest = scores[i] > scores[largest] ? i : largest;
    }
    return largest;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void theClassAskedForWins(int towards) {
    Model model = TestModels.perceptron();
    Tensor x = TestModels.example(model, 5);
    AttributionRequest request = AttributionRequest.of(model, x, ID).withOption("towards", towards);
    if (largest(scores(model, x.toDoubles())) == towards) {
      String message =
          String.valueOf(
              assertThrows(AttributionException.class, () -> attributor().attribute(request))
                  .getMessage());
      assertTrue(message.contains("which is the largest output already"), message);
      return;
    }
    Attribution found = attributor().attribute(request);
    double[] there = x.zip(found.value(), Double::sum).toDoubles();
    assertEquals(1, fact(found, "flipped"));
    assertEquals(towards, largest(scores(model, there)));
    assertEquals(towards, fact(found, "class"));
  }

  /** Nothing that is drawn from nearer by flips the decision. */
  @ParameterizedTest
  @EnumSource
  void nothingNearerFlips(Distance distance) {
    Model model = TestModels.perceptron();
    Tensor x = TestModels.example(model, 6);
    int before = largest(scores(model, x.toDoubles()));
    Attribution found =
        attributor()
            .attribute(
                AttributionRequest.of(model, x, ID)
                    .withTarget(Target.PREDICTED)
                    .withOption("distance", distance)
                    .withOption("starts", 16));
    double radius = fact(found, "distance");
    assertTrue(fact(found, "flipped") == 1 && radius > 0, found.facts().toString());
    SplittableRandom random = new SplittableRandom(21);
    int draws = 20_000;
    double[] all = new double[6 * draws];
    double[] zero = new double[6];
    for (int k = 0; k < draws; k++) {
      double[] away = TestModels.normal(random, Shape.of(6), 1).toDoubles();
      double scale = 0.98 * radius / distance.of(zero, away);
      for (int i = 0; i < 6; i++) {
        all[6 * k + i] = x.get(i) + scale * away[i];
      }
    }
    Tensor points = Tensor.of(Shape.of(draws, 6), all);
    Tensor out =
        Objects.requireNonNull(
            attributor().predict(model, Map.of("x", points), Optional.empty()).get("y"));
    for (int k = 0; k < draws; k++) {
      assertEquals(before, largest(out.rows(k, k + 1).toDoubles()), "seed 21, draw " + k);
    }
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertEquals(
        "counterfactual: option low is 2.0 and high is 1.0; low must be less",
        refusal(linear().withOption("low", 2).withOption("high", 1)));
    assertEquals(
        "counterfactual: option towards is cat; it must be any, a place from 0 on, or a label, of"
            + " which the model's card has none",
        refusal(linear().withOption("towards", "cat")));
    assertEquals(
        "counterfactual: option towards names a class, and the model has a single output; leave it"
            + " out, and name a threshold",
        refusal(linear().withOption("towards", 0)));
    Model model = TestModels.perceptron();
    assertEquals(
        "counterfactual: option towards is 3; the output has places 0 to 2",
        refusal(
            AttributionRequest.of(model, TestModels.example(model, 1), ID)
                .withOption("towards", 3)));
  }

  private static String refusal(AttributionRequest request) {
    return String.valueOf(
        assertThrows(AttributionException.class, () -> attributor().attribute(request))
            .getMessage());
  }
}
