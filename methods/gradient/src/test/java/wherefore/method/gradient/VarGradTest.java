package wherefore.method.gradient;

import java.util.Map;
import wherefore.attribution.AttributionMethod;
import wherefore.testkit.MethodContract;

class VarGradTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new VarGrad();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("samples", "7");
  }
}
