package wherefore.testkit;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.attribution.Form;
import wherefore.attribution.Monitor;
import wherefore.attribution.Need;
import wherefore.attribution.OptionSpec;
import wherefore.attribution.Options;
import wherefore.attribution.Target;
import wherefore.model.Model;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * What every {@link AttributionMethod} must hold to. A test class extends it and says which method
 * it is; method, an {@link Attributor} and a backend are found by {@link ServiceLoader}.
 */
public abstract class MethodContract {
  private static final String UPSAMPLE = "upsample";

  /** The method under test. */
  protected abstract AttributionMethod<?> method();

  /** Options that make it quick, if the defaults don't. */
  protected Map<String, String> options() {
    return Map.of();
  }

  /** True if an element that the function ignores must get exactly 0. */
  protected boolean ignoresDummies() {
    return method().info().form() == Form.ELEMENTS;
  }

  /** True if the method works on such a model. */
  protected boolean takes(Model model) {
    return true;
  }

  /** A model of images that it takes, with a layer {@code pool} of shape [3, 3, 3]. */
  protected Model images() {
    return TestModels.convolutional();
  }

  /** The shape of an attribution to something of a shape. */
  protected Shape answered(Shape shape) {
    return switch (method().info().form()) {
      case ELEMENTS, VALUE -> shape;
      case MAP -> shape.with(1, 1);
    };
  }

  static Stream<Model> models() {
    return Stream.of(TestModels.perceptron(), TestModels.convolutional(), TestModels.pooled());
  }

  /** An attributor over everything on the class path. */
  protected static Attributor attributor() {
    return ServiceLoader.load(Attributor.class)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no Attributor on the class path"));
  }

  /** A question about a model at a seeded example. */
  protected AttributionRequest request(Model model, long seed) {
    return AttributionRequest.of(model, TestModels.example(model, seed), method().id())
        .withOptions(options())
        .withBaseline(new Baseline.Zero())
        .withTarget(Target.of(0))
        .withSeed(seed);
  }

  private static void assertSame(Attribution expected, Attribution actual) {
    assertEquals(expected.values(), actual.values());
    assertEquals(expected.errors(), actual.errors());
    assertEquals(expected.facts(), actual.facts());
  }

  @Test
  void saysWhatItIs() {
    assertTrue(method().id().matches("[a-z0-9]+(-[a-z0-9]+)*"), method().id());
    assertFalse(method().info().question().isBlank());
    assertFalse(method().info().cost().isBlank());
    assertFalse(method().info().source().isBlank());
    assertFalse(method().info().needs().isEmpty());
  }

  @Test
  void itsDefaultsAreValidOptions() {
    for (OptionSpec option : Options.describe(method().options())) {
      assertFalse(option.description().isBlank(), option.name());
    }
    Record defaults = Options.parse(method().id(), method().options(), Map.of());
    Record again = Options.parse(method().id(), method().options(), Options.print(defaults));
    assertEquals(defaults, again);
  }

  @Test
  void itIsFoundByServiceLoader() {
    assertTrue(
        ServiceLoader.load(AttributionMethod.class).stream()
            .anyMatch(p -> p.type().equals(method().getClass())));
  }

  @ParameterizedTest
  @MethodSource("models")
  void attributesEveryElement(Model model) {
    Assumptions.assumeTrue(takes(model));
    AttributionRequest request = request(model, 3);
    Attribution attribution = attributor().attribute(request);
    assertEquals(request.inputs().keySet(), attribution.values().keySet());
    request
        .inputs()
        .forEach(
            (name, x) -> {
              Tensor values = requireNonNull(attribution.values().get(name));
              assertEquals(ElementType.FLOAT64, values.type());
              assertEquals(answered(x.shape()), values.shape());
              for (double v : values.toDoubles()) {
                assertTrue(Double.isFinite(v), "an attribution is " + v);
              }
            });
    assertTrue(attribution.provenance().isPresent());
  }

  @ParameterizedTest
  @MethodSource("models")
  void isDeterministicUnderASeedAndAnyBatchSplit(Model model) {
    Assumptions.assumeTrue(takes(model));
    AttributionRequest request = request(model, 4);
    Attribution expected = attributor().attribute(request);
    assertSame(expected, attributor().attribute(request));
    String budget = System.setProperty("wherefore.memory", "1");
    try {
      assertSame(expected, attributor().attribute(request));
    } finally {
      if (budget == null) {
        System.clearProperty("wherefore.memory");
      } else {
        System.setProperty("wherefore.memory", budget);
      }
    }
  }

  /** What the models that all methods are asked about don't show of one that takes none of them. */
  @Test
  void itsOwnModelOfImagesIsNoException() {
    Model own = images();
    Assumptions.assumeTrue(models().noneMatch(m -> m.name().equals(own.name())));
    attributesEveryElement(own);
    isDeterministicUnderASeedAndAnyBatchSplit(own);
  }

  @Test
  void answersConcurrentRequestsAlike() throws Exception {
    Attributor attributor = attributor();
    AttributionRequest request = request(images(), 5);
    Attribution expected = attributor.attribute(request);
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<Attribution> call = () -> attributor.attribute(request);
      for (Future<Attribution> answer : threads.invokeAll(List.of(call, call, call, call))) {
        assertSame(expected, answer.get());
      }
    }
  }

  @Test
  void anElementThatDoesNothingGetsNothing() {
    Assumptions.assumeTrue(ignoresDummies());
    Attribution attribution = attributor().attribute(request(TestModels.perceptron(), 6));
    double share = attribution.value().get(5);
    assertTrue(share == 0, "it gets " + share);
  }

  @Test
  void aLayerIsExplainedInItsOwnShape() {
    AttributionRequest request = request(images(), 7).withTo("pool");
    if (method().info().form() == Form.MAP) {
      Assumptions.assumeTrue(
          Options.describe(method().options()).stream().anyMatch(o -> o.name().equals(UPSAMPLE)));
      request = request.withOption(UPSAMPLE, false);
    }
    Attribution attribution = attributor().attribute(request);
    assertEquals(List.of("pool"), List.copyOf(attribution.values().keySet()));
    assertEquals(answered(Shape.of(1, 3, 3, 3)), attribution.value().shape());
  }

  @Test
  void aCancelledRequestEnds() {
    Monitor cancelled =
        new Monitor() {
          @Override
          public void progress(double fraction) {}

          @Override
          public boolean isCancelled() {
            return true;
          }
        };
    AttributionRequest request = request(images(), 8);
    assertThrows(CancellationException.class, () -> attributor().attribute(request, cancelled));
  }

  @Test
  void aRequestPastItsDeadlineEnds() {
    AttributionRequest request = request(images(), 9).withDeadline(Duration.ZERO);
    assertThrows(CancellationException.class, () -> attributor().attribute(request));
  }

  @Test
  void refusesAFunctionWithoutAGraphIfItNeedsOne() {
    Assumptions.assumeTrue(method().info().needs().contains(Need.GRAPH));
    AttributionRequest request = request(TestModels.blackBox(), 10);
    AttributionException refusal =
        assertThrows(AttributionException.class, () -> attributor().attribute(request));
    String message = requireNonNull(refusal.getMessage());
    assertTrue(message.contains("graph"), message);
  }
}
