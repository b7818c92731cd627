package wherefore.method.activationmaps;

import wherefore.attribution.AttributionMethod;
import wherefore.model.Model;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

class CamTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new Cam();
  }

  @Override
  protected boolean takes(Model model) {
    return model.name().equals("pooled");
  }

  @Override
  protected Model images() {
    return TestModels.pooled();
  }
}
