package wherefore.method.shapley;

import java.util.Map;
import java.util.ServiceLoader;
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
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Golden;

/** Against the formula over all coalitions, for elements, tokens and background sets. */
class GoldenTest {
  static Stream<Golden.Case> cases() {
    return Golden.cases().stream()
        .filter(c -> c.method().equals("shap") && "exact".equals(c.parameters().get("algorithm")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agrees(Golden.Case golden) throws Exception {
    ModelLoader loader = ServiceLoader.load(ModelLoader.class).findFirst().orElseThrow();
    Model model = loader.load(golden.file(), ModelCard.EMPTY);
    Map<String, Object> parameters = golden.parameters();
    Object background = parameters.getOrDefault("background", parameters.get("baseline"));
    AttributionRequest request =
        AttributionRequest.of(model, golden.input(), "shap")
            .withTarget(Target.of(golden.target()))
            .withBaseline(
                "zero".equals(background)
                    ? new Baseline.Zero()
                    : new Baseline.Given(
                        Npy.read(golden.file().resolveSibling(String.valueOf(background))),
                        String.valueOf(background)))
            .withOption("algorithm", "exact")
            .withOption("players", String.valueOf(parameters.getOrDefault("players", "elements")));
    Attributor attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    Tensor value = attributor.attribute(request).value();
    Golden.assertMatches(ofPlayers(value, golden.expected().shape()), golden);
  }

  /** The expected values of tokens are one a token: the sum of its elements'. */
  private static Tensor ofPlayers(Tensor values, Shape players) {
    double[] sums = new double[players.size()];
    for (int e = 0; e < values.size(); e++) {
      sums[e / (values.size() / sums.length)] += values.get(e);
    }
    return Tensor.of(players, sums);
  }
}
