package wherefore.method.gradient;

import java.util.Map;
import wherefore.attribution.AttributionMethod;
import wherefore.testkit.MethodContract;

class SmoothGradSquaredTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new SmoothGradSquared();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("samples", "7");
  }
}
