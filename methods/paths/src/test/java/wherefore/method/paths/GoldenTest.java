package wherefore.method.paths;

import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelLoader;
import wherefore.testkit.Golden;

/**
 * Against captum on eleven networks: every quadrature, and the adaptive rule against the integral.
 */
class GoldenTest {
  private static final List<String> METHODS = List.of("integrated-gradients", "conductance");

  /**
   * A twentieth of what a case allows: the value that it is compared with has an error of its own.
   */
  private static final Map<String, String> ADAPTIVE =
      Map.of("tolerance", "1e-4", "accuracy", "5e-5", "steps", "100000");

  static Stream<Golden.Case> cases() {
    return Golden.cases().stream().filter(c -> METHODS.contains(c.method()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agrees(Golden.Case golden) throws Exception {
    ModelLoader loader = ServiceLoader.load(ModelLoader.class).findFirst().orElseThrow();
    Model model = loader.load(golden.file(), ModelCard.EMPTY);
    Map<String, Object> parameters = golden.parameters();
    AttributionRequest request =
        AttributionRequest.of(model, golden.input(), golden.method())
            .withTarget(Target.of(golden.target()))
            .withBaseline(
                "zero".equals(parameters.get("baseline"))
                    ? new Baseline.Zero()
                    : new Baseline.Given(golden.baseline(), "baseline.npy"));
    Attributor attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    AttributionRequest full =
        parameters.containsKey("quadrature")
            ? request
                .withOption("quadrature", String.valueOf(parameters.get("quadrature")))
                .withOption("steps", String.valueOf(parameters.get("steps")))
            : request.withOptions(ADAPTIVE);
    AttributionRequest asked =
        parameters.containsKey("layer") ? full.withTo(layer(model, golden)) : full;
    Golden.assertMatches(attributor.attribute(asked).value(), golden);
  }

  /** {@code convolution number 1}: as the graph has them. */
  private static String layer(Model model, Golden.Case golden) {
    String text = String.valueOf(golden.parameters().get("layer"));
    String input = model.inputs().get(0).name();
    return model.graph(Map.of(input, golden.input().shape())).nodes().stream()
        .filter(n -> n.op() instanceof Primitive.Conv)
        .map(Node::origin)
        .distinct()
        .skip(Integer.parseInt(text.split(" ")[2]))
        .findFirst()
        .orElseThrow();
  }
}
