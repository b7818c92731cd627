package wherefore.method.activationmaps;

import wherefore.attribution.AttributionMethod;
import wherefore.model.Model;
import wherefore.testkit.MethodContract;

class XGradCamTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new XGradCam();
  }

  @Override
  protected boolean takes(Model model) {
    return !model.name().equals("perceptron");
  }
}
