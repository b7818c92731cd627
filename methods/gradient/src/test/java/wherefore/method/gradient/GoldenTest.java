package wherefore.method.gradient;

import java.util.List;
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

/** Against captum on eleven networks. */
class GoldenTest {
  private static final List<String> METHODS =
      List.of("gradient", "input-x-gradient", "guided-backprop", "deconvnet");

  static Stream<Golden.Case> cases() {
    return Golden.cases().stream()
        .filter(c -> METHODS.contains(c.method()))
        .filter(c -> c.parameters().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agrees(Golden.Case golden) throws Exception {
    ModelLoader loader = ServiceLoader.load(ModelLoader.class).findFirst().orElseThrow();
    Model model = loader.load(golden.file(), ModelCard.EMPTY);
    AttributionRequest request =
        AttributionRequest.of(model, golden.input(), golden.method())
            .withTarget(Target.of(golden.target()));
    Attributor attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    Golden.assertMatches(attributor.attribute(request).value(), golden);
  }
}
