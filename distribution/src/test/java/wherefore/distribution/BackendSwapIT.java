package wherefore.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.osgi.framework.Bundle;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Target;
import wherefore.model.Model;
import wherefore.model.ModelCatalog;

/**
 * Threads ask on the native backend without pause while its bundle is updated fifty times: no call
 * fails, each answers the same, and the process' memory stays where it was.
 */
class BackendSwapIT {
  private static final int THREADS = 4;
  private static final int UPDATES = 50;
  private static final int WARM = 10;
  private static final long SLACK = 96L << 20;

  @RegisterExtension static final FrameworkExtension FRAMEWORK = new FrameworkExtension();

  @Test
  void noCallFailsAndNoMemoryIsLost() throws Exception {
    Attributor attributor = FRAMEWORK.service(Attributor.class);
    assumeTrue(
        attributor.backends().stream().anyMatch(b -> b.id().equals("cpu")),
        "no oneDNN for this machine");
    ModelCatalog models = FRAMEWORK.service(ModelCatalog.class);
    Model digits = models.model("digits");
    var seven =
        models.input(digits, Path.of("examples/digits/seven.png").toAbsolutePath().toString());
    AttributionRequest request =
        AttributionRequest.of(digits, seven.value(), "integrated-gradients")
            .withTarget(Target.of(7))
            .withOption("quadrature", "gauss-legendre")
            .withOption("steps", 16)
            .withBackend("cpu");
    Attribution expected = attributor.attribute(request);
    Bundle bundle = FRAMEWORK.bundle("wherefore.backend.cpu");
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger answered = new AtomicInteger();
    AtomicBoolean done = new AtomicBoolean();
    long before = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (int t = 0; t < THREADS; t++) {
        threads.execute(
            () -> {
              while (!done.get()) {
                try {
                  assertEquals(expected.values(), attributor.attribute(request).values());
                  answered.incrementAndGet();
                } catch (RuntimeException | Error e) {
                  failures.add(e);
                }
              }
            });
      }
      try {
        for (int n = 1; n <= UPDATES; n++) {
          int goal = answered.get() + THREADS;
          if (n % 2 == 0) {
            bundle.stop();
            bundle.start();
          } else {
            bundle.update();
          }
          while (answered.get() < goal && failures.isEmpty()) {
            Thread.sleep(5);
          }
          if (n == WARM) {
            before = residentBytes();
          }
        }
      } finally {
        done.set(true);
      }
    }
    assertEquals(List.of(), List.copyOf(failures));
    long growth = residentBytes() - before;
    assertTrue(growth < SLACK, "the process grew by " + (growth >> 20) + " MiB");
    assertEquals(List.of(), FRAMEWORK.errors());
  }

  /** What the process takes of the machine's memory, the heap aside; 0 where that is not told. */
  private static long residentBytes() throws IOException {
    System.gc();
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    long kilobytes =
        Files.readAllLines(status).stream()
            .filter(l -> l.startsWith("VmRSS:"))
            .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")))
            .findFirst()
            .orElse(0);
    return (kilobytes << 10) - Runtime.getRuntime().totalMemory();
  }
}
