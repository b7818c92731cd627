package wherefore.method.activationmaps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.Feasibility;
import wherefore.model.Model;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class GradCamTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new GradCam();
  }

  @Override
  protected boolean takes(Model model) {
    return !model.name().equals("perceptron");
  }

  /** The way back to the layer is in the pass that finds the target, and counts. */
  @Test
  void aCheckCountsTheWayBack() {
    Model model = TestModels.convolutional();
    Map<String, Tensor> inputs = Map.of("x", TestModels.example(model, 1));
    Feasibility report = attributor().check(model, inputs, Optional.empty());
    Feasibility.Method map =
        report.methods().stream().filter(m -> m.id().equals("grad-cam")).findFirst().orElseThrow();
    assertEquals(1, map.forward());
    assertEquals(1, map.backward());
    assertTrue(map.multiplications() > report.multiplications(), map::toString);
    Feasibility.Method plain =
        report.methods().stream().filter(m -> m.id().equals("eigen-cam")).findFirst().orElseThrow();
    assertEquals(0, plain.backward());
  }
}
