package wherefore.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;

/**
 * Eight threads ask a method without pause while its bundle is updated fifty times: no call fails,
 * and each answers the same.
 */
class SwapIT {
  private static final int THREADS = 8;
  private static final int UPDATES = 50;

  @RegisterExtension static final FrameworkExtension FRAMEWORK = new FrameworkExtension(50);
  @TempDir static Path directory = Path.of("");

  @SuppressWarnings("NullAway.Init")
  private static CustomMethod custom;

  @BeforeAll
  static void build() throws Exception {
    custom = CustomMethod.build(directory);
  }

  private interface Update {
    void to(String version) throws Exception;
  }

  @Test
  void byUpdatingTheBundleFromAStream() throws Exception {
    Path jar = directory.resolve("stream.jar");
    custom.place(jar, "1.0.0");
    Bundle bundle;
    try (InputStream in = Files.newInputStream(jar)) {
      bundle = FRAMEWORK.context().installBundle("stream:leave-one-out", in);
    }
    bundle.start();
    swapUnderLoad(
        version -> {
          custom.place(jar, version);
          try (InputStream in = Files.newInputStream(jar)) {
            bundle.update(in);
          }
        });
    bundle.uninstall();
  }

  @Test
  void byReplacingAReferencedJar() throws Exception {
    Path jar = directory.resolve("referenced.jar");
    custom.place(jar, "1.0.0");
    Bundle bundle = FRAMEWORK.context().installBundle("reference:" + jar.toUri());
    bundle.start();
    swapUnderLoad(
        version -> {
          custom.place(jar, version);
          bundle.update();
        });
    bundle.uninstall();
  }

  @Test
  void byReplacingAFileInTheDeployFolder() throws Exception {
    Path jar = FRAMEWORK.deploy().resolve("deployed.jar");
    custom.place(jar, "1.0.0");
    Attributor attributor = FRAMEWORK.service(Attributor.class);
    swapUnderLoad(
        version -> {
          custom.place(jar, version);
          DeployIT.await(
              "version " + version,
              Duration.ofSeconds(30),
              () -> DeployIT.versions(attributor).equals(List.of(version)));
        });
    Files.delete(jar);
    DeployIT.await(
        "it is gone", Duration.ofSeconds(30), () -> DeployIT.versions(attributor).isEmpty());
  }

  private static void swapUnderLoad(Update update) throws Exception {
    Attributor attributor = FRAMEWORK.service(Attributor.class);
    DeployIT.await(
        "the first version",
        Duration.ofSeconds(30),
        () -> DeployIT.versions(attributor).equals(List.of("1.0.0")));
    AttributionRequest request = DeployIT.request();
    Attribution expected = attributor.attribute(request);
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicInteger answered = new AtomicInteger();
    AtomicBoolean done = new AtomicBoolean();
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
          update.to("1.0." + n);
        }
      } finally {
        done.set(true);
      }
    }
    assertEquals(List.of(), List.copyOf(failures));
    assertTrue(answered.get() > UPDATES, "only " + answered + " calls were answered");
    assertEquals(List.of("1.0." + UPDATES), DeployIT.versions(attributor));
  }
}
