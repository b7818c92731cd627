package wherefore.method.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class GradientTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new Gradient();
  }

  @Test
  void ofALinearModelIsItsWeights() {
    Tensor x = Tensor.of(Shape.of(1, 3), 5.0, 6.0, 7.0);
    AttributionRequest request =
        AttributionRequest.of(TestModels.linear(2, -3, 0.5), x, "gradient");
    assertArrayEquals(
        new double[] {2, -3, 0.5}, attributor().attribute(request).value().toDoubles());
    assertArrayEquals(
        new double[] {2, 3, 0.5},
        attributor().attribute(request.withOption("absolute", true)).value().toDoubles());
  }
}
