package wherefore.method.activationmaps;

import wherefore.attribution.AttributionMethod;
import wherefore.model.Model;
import wherefore.testkit.MethodContract;

class EigenCamTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new EigenCam();
  }

  @Override
  protected boolean takes(Model model) {
    return !model.name().equals("perceptron");
  }
}
