package wherefore.method.lrp;

import wherefore.attribution.AttributionMethod;
import wherefore.testkit.MethodContract;

class LrpTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new Lrp();
  }
}
