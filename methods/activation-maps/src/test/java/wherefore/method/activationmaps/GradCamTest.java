package wherefore.method.activationmaps;

import wherefore.attribution.AttributionMethod;
import wherefore.model.Model;
import wherefore.testkit.MethodContract;

class GradCamTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new GradCam();
  }

  @Override
  protected boolean takes(Model model) {
    return !model.name().equals("perceptron");
  }
}
