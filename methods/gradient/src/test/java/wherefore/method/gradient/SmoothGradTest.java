package wherefore.method.gradient;

import java.util.Map;
import wherefore.attribution.AttributionMethod;
import wherefore.testkit.MethodContract;

class SmoothGradTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new SmoothGrad();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("samples", "7");
  }
}
