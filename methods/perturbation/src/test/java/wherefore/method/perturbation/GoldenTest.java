package wherefore.method.perturbation;

import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelLoader;
import wherefore.tensor.Npy;
import wherefore.testkit.Golden;

/** Against Captum's values. */
class GoldenTest {
  private static final List<String> METHODS = List.of("occlusion", "feature-ablation");

  static Stream<Golden.Case> cases() {
    return Golden.cases().stream().filter(c -> METHODS.contains(c.method()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agrees(Golden.Case golden) throws Exception {
    ModelLoader loader = ServiceLoader.load(ModelLoader.class).findFirst().orElseThrow();
    Model model = loader.load(golden.file(), ModelCard.EMPTY);
    String baseline = String.valueOf(golden.parameters().get("baseline"));
    AttributionRequest request =
        AttributionRequest.of(model, golden.input(), golden.method())
            .withTarget(Target.of(golden.target()))
            .withBaseline(
                new Baseline.Given(Npy.read(golden.file().resolveSibling(baseline)), baseline));
    for (String option : List.of("window", "stride")) {
      if (golden.parameters().get(option) instanceof List<?> numbers) {
        request =
            request.withOption(
                option, numbers.stream().map(String::valueOf).collect(Collectors.joining(",")));
      }
    }
    Attributor attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    Golden.assertMatches(attributor.attribute(request).value(), golden);
  }
}
