package wherefore.method.perturbation;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class CiuTest extends MethodContract {
  /** (x0 − 1)² + 3 x1: the first feature's extreme lies between. */
  private static final Model MODEL =
      TestModels.of(
          "parabola",
          Shape.of(2),
          1,
          (b, x) -> {
            var first = b.add(b.slice(x, 1, 0, 1), -1);
            return b.add(b.mul(first, first), b.mul(b.slice(x, 1, 1, 2), 3));
          });

  @Override
  protected AttributionMethod<?> method() {
    return new Ciu();
  }

  private static AttributionRequest asked() {
    return AttributionRequest.of(MODEL, Tensor.of(Shape.of(1, 2), 3, 1.0), "ciu")
        .withBaseline(new Baseline.Zero())
        .withOption("absmin", "-1")
        .withOption("absmax", "9");
  }

  private static double[] values(AttributionRequest request) {
    return attributor().attribute(request).value().toDoubles();
  }

  /** f = 7; x0 in 0, 1, 2, 3: from 3 to 7; x1 from 0 to 1: from 4 to 7. */
  @Test
  void importanceIsTheShareOfTheRange() {
    AttributionRequest request = asked().withOption("samples", 2);
    double[] importance = values(request.withOption("answer", "importance"));
    assertArrayEquals(new double[] {0.4, 0.3}, importance, 1e-6);
    assertArrayEquals(new double[] {1, 1}, values(request.withOption("answer", "utility")), 1e-6);
    assertArrayEquals(new double[] {0.2, 0.15}, values(request), 1e-6);
  }

  @Test
  void severalBaselinesSpanTheRange() {
    Tensor background = Tensor.of(Shape.of(2, 2), 5, 0, 1, 2.0);
    Attribution answer =
        attributor()
            .attribute(
                asked()
                    .withOption("answer", "utility")
                    .withBaseline(new Baseline.Given(background, "two")));
    assertArrayEquals(
        new double[] {4 / 16.0, 0.5}, answer.value().toDoubles(), 1e-12, "of 3 to 19, of 4 to 10");
    assertEquals(19, requireNonNull(answer.facts().get("cmax x[0]")));
  }

  @Test
  void aBoundThatIsNoNumberIsRefused() {
    AttributionRequest request = asked().withOption("absmin", "low");
    String message =
        assertThrows(AttributionException.class, () -> attributor().attribute(request))
            .getMessage();
    assertTrue(requireNonNull(message).contains("ciu: absmin 'low' must be auto"), message);
  }
}
