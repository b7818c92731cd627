package wherefore.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.attribution.MethodDescription;
import wherefore.attribution.Target;
import wherefore.model.Model;
import wherefore.testkit.TestModels;

/** A method's jar in the deploy folder: it comes, is replaced and goes with its file. */
class DeployIT {
  private static final Duration SOON = Duration.ofSeconds(2);
  private static final Duration PATIENTLY = Duration.ofSeconds(30);

  @RegisterExtension static final FrameworkExtension FRAMEWORK = new FrameworkExtension();

  @Test
  void aMethodComesIsReplacedAndGoesWithItsFile(@TempDir Path directory) throws Exception {
    CustomMethod custom = CustomMethod.build(directory);
    Attributor attributor = FRAMEWORK.service(Attributor.class);
    Path jar = FRAMEWORK.deploy().resolve("leave-one-out.jar");
    assertEquals(List.of(), versions(attributor));

    // Once without a clock: the first drop also loads the code that takes it.
    custom.place(jar, "0.9.0");
    await("the first one appears", PATIENTLY, () -> !versions(attributor).isEmpty());
    Files.delete(jar);
    await("the first one is gone", PATIENTLY, () -> versions(attributor).isEmpty());

    custom.place(jar, "1.0.0");
    await("it appears", SOON, () -> versions(attributor).equals(List.of("1.0.0")));
    Attribution answer = attributor.attribute(request());
    assertEquals(6, answer.value().size());
    assertEquals(0, answer.value().get(5));

    custom.place(jar, "1.0.1");
    await("it is replaced", SOON, () -> versions(attributor).equals(List.of("1.0.1")));
    assertEquals(
        "1.0.1", attributor.attribute(request()).provenance().orElseThrow().methodVersion());

    Files.delete(jar);
    await("it is gone", SOON, () -> versions(attributor).isEmpty());
    AttributionException refusal =
        assertThrows(AttributionException.class, () -> attributor.attribute(request()));
    assertTrue(
        String.valueOf(refusal.getMessage()).contains("known: ablation-cam"), refusal::toString);
    assertEquals(List.of(), FRAMEWORK.errors());
  }

  static AttributionRequest request() {
    Model model = TestModels.perceptron();
    return AttributionRequest.of(model, TestModels.example(model, 1), CustomMethod.ID)
        .withBaseline(new Baseline.Zero())
        .withTarget(Target.of(1));
  }

  static List<String> versions(Attributor attributor) {
    return attributor.methods().stream()
        .filter(m -> m.id().equals(CustomMethod.ID))
        .map(MethodDescription::version)
        .toList();
  }

  static void await(String what, Duration limit, BooleanSupplier condition)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within " + limit + ": " + what);
      Thread.sleep(10);
    }
  }
}
