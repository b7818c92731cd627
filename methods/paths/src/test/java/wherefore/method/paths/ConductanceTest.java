package wherefore.method.paths;

import java.util.Map;
import wherefore.attribution.AttributionMethod;
import wherefore.testkit.MethodContract;

class ConductanceTest extends MethodContract {
  @Override
  protected AttributionMethod<?> method() {
    return new Conductance();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("quadrature", "gauss-legendre", "steps", "5");
  }
}
