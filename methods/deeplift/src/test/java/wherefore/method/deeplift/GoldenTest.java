package wherefore.method.deeplift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.testkit.Golden;

/**
 * Against captum, and the sum to the difference for every network and rule, on two backends.
 *
 * <p>Captum's values for networks with max pooling are those of the gradient's rule for pooling,
 * and don't sum to the difference ({@link #valuesOfPoolingDontSum}): they are compared with {@link
 * Maximum#WINNER}.
 */
class GoldenTest {
  private static final Attributor ATTRIBUTOR =
      ServiceLoader.load(Attributor.class).findFirst().orElseThrow();

  static Stream<Arguments> cases() {
    return Golden.cases().stream()
        .filter(
            c -> c.method().equals("deeplift") || "deep".equals(c.parameters().get("algorithm")))
        .flatMap(c -> Stream.of("reference", "cpu").map(b -> Arguments.of(c, b)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agrees(Golden.Case golden, String backend) throws Exception {
    boolean many = golden.parameters().containsKey("background");
    String file = String.valueOf(golden.parameters().get(many ? "background" : "baseline"));
    AttributionRequest request =
        AttributionRequest.of(
                Networks.load(golden.model()), golden.input(), many ? "deep-shap" : "deeplift")
            .withTarget(Target.of(golden.target()))
            .withBaseline(new Baseline.Given(Golden.tensor(golden.model(), file), file))
            .withBackend(backend)
            .withOption("rule", "rescale")
            .withOption("maxima", "winner");
    Golden.assertMatches(ATTRIBUTOR.attribute(request).value(), golden);
  }

  @ParameterizedTest
  @CsvSource({"mlp_relu,true", "mlp_smooth,true", "conv1d,false", "lenet,false", "vgg_bn,false"})
  void valuesOfPoolingDontSum(String model, boolean sums) {
    Golden.Case golden =
        Golden.cases(model).stream()
            .filter(c -> c.method().equals("deeplift"))
            .findFirst()
            .orElseThrow();
    double sum = 0;
    for (double share : golden.expected().toDoubles()) {
      sum += share;
    }
    double change = golden.outputAtInput() - golden.outputAtBaseline();
    assertEquals(sums, Math.abs(sum - change) < 1e-4 * Math.abs(change), sum + " of " + change);
  }

  static Stream<Arguments> sums() {
    return Golden.models().stream()
        .flatMap(m -> Stream.of(Rule.values()).map(r -> Arguments.of(m, r)));
  }

  @ParameterizedTest
  @MethodSource("sums")
  void sumsToTheDifference(String name, Rule rule) throws Exception {
    AttributionRequest request =
        AttributionRequest.of(Networks.load(name), Golden.tensor(name, "input.npy"), "deeplift")
            .withTarget(Target.of(1))
            .withBaseline(new Baseline.Given(Golden.tensor(name, "baseline.npy"), "baseline.npy"))
            .withOption("rule", rule.name());
    sums(request.withBackend("reference"), 1e-10);
    sums(request.withBackend("cpu"), 1e-5);
  }

  private static void sums(AttributionRequest request, double tolerance) {
    Attribution attribution = ATTRIBUTOR.attribute(request);
    double residual = fact(attribution, "residual");
    double change = fact(attribution, "output") - fact(attribution, "output-at-baseline");
    double absolute = 0;
    for (double share : attribution.value().toDoubles()) {
      absolute += Math.abs(share);
    }
    System.out.printf(
        "%s %s: residual %.1e of %.3g (sum of magnitudes %.3g)%n",
        request.model().source(), request.options(), residual, change, absolute);
    assertEquals(0, residual, tolerance * Math.max(Math.abs(change), absolute));
  }

  private static double fact(Attribution attribution, String name) {
    Double value = attribution.facts().get(name);
    if (value == null) {
      throw new AssertionError("no fact " + name + " in " + attribution.facts());
    }
    return value;
  }
}
