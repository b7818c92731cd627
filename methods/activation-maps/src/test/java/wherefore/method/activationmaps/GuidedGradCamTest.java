package wherefore.method.activationmaps;

import wherefore.attribution.AttributionMethod;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.testkit.MethodContract;

class GuidedGradCamTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new GuidedGradCam();
  }

  @Override
  protected boolean takes(Model model) {
    return !model.name().equals("perceptron");
  }

  @Override
  protected Shape answered(Shape shape) {
    return shape;
  }
}
