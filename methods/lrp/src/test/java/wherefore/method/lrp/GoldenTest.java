package wherefore.method.lrp;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Target;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelLoader;
import wherefore.testkit.Golden;

/** Against zennit: every rule and composite, on convolutional and dense networks. */
class GoldenTest {
  static Stream<Golden.Case> cases() {
    return Golden.cases().stream()
        .filter(c -> c.method().equals("lrp") && !DisputedTest.isDisputed(c));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agrees(Golden.Case golden) throws Exception {
    ModelLoader loader = ServiceLoader.load(ModelLoader.class).findFirst().orElseThrow();
    Model model = loader.load(golden.file(), ModelCard.EMPTY);
    AttributionRequest request =
        AttributionRequest.of(model, golden.input(), golden.method())
            .withTarget(Target.of(golden.target()));
    for (Map.Entry<String, Object> parameter : golden.parameters().entrySet()) {
      request = request.withOption(parameter.getKey(), String.valueOf(parameter.getValue()));
    }
    Attributor attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    Golden.assertMatches(attributor.attribute(request).value(), golden);
  }
}
