package wherefore.method.paths;

import java.util.Map;
import wherefore.attribution.AttributionMethod;
import wherefore.testkit.MethodContract;

class InternalInfluenceTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new InternalInfluence();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("quadrature", "gauss-legendre", "steps", "5");
  }
}
