package wherefore.method.paths;

import java.util.Map;
import wherefore.attribution.AttributionMethod;
import wherefore.testkit.MethodContract;

class ExpectedGradientsTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new ExpectedGradients();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("samples", "9");
  }
}
