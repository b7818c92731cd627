package wherefore.method.activationmaps;

import wherefore.attribution.AttributionMethod;
import wherefore.model.Model;
import wherefore.testkit.MethodContract;

class GradCamPlusPlusTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new GradCamPlusPlus();
  }

  @Override
  protected boolean takes(Model model) {
    return !model.name().equals("perceptron");
  }
}
