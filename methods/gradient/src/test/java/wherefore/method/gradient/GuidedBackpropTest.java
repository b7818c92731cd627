package wherefore.method.gradient;

import wherefore.attribution.AttributionMethod;
import wherefore.testkit.MethodContract;

class GuidedBackpropTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new GuidedBackprop();
  }
}
