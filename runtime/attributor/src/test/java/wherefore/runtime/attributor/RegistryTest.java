package wherefore.runtime.attributor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import wherefore.attribution.AttributionException;
import wherefore.compute.Cancellation;

@Timeout(60)
class RegistryTest {
  private static final class Service {
    private volatile boolean gone;

    void work() {
      for (int i = 0; i < 20; i++) {
        if (gone) {
          throw new IllegalStateException("used after it was gone");
        }
        Thread.onSpinWait();
      }
    }
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static Registry<Service> registry(double grace, double drain) {
    Settings settings =
        new Settings(
            Duration.ofMillis((long) (grace * 1000)),
            Duration.ofMillis((long) (drain * 1000)),
            1 << 20,
            8);
    return new Registry<>("method", () -> settings);
  }

  private static Service bind(Registry<Service> registry, String id, int ranking) {
    Service service = new Service();
    registry.bind(service, service, id, ranking);
    return service;
  }

  private static void unbind(Registry<Service> registry, Service service) {
    registry.unbind(service);
    service.gone = true;
  }

  private static Lease<Service> acquire(Registry<Service> registry, String id) {
    return registry.acquire(
        Optional.of(id), Cancellation.NEVER, known -> new AttributionException("known: " + known));
  }

  private static Lease<Service> best(Registry<Service> registry) {
    return registry.acquire(
        Optional.empty(), Cancellation.NEVER, known -> new AttributionException("none"));
  }

  /** Each of 200 swaps leaves a gap in which the id is not there. */
  @Test
  void eightThreadsLoseNoCallOverManySwaps() throws Exception {
    Registry<Service> registry = registry(5, 120);
    Service current = bind(registry, "slope", 0);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger calls = new AtomicInteger();
    List<Future<?>> workers = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      workers.add(
          threads.submit(
              () -> {
                while (!stop.get()) {
                  try (Lease<Service> lease = acquire(registry, "slope")) {
                    lease.service().work();
                    lease.check();
                  }
                  calls.incrementAndGet();
                }
              }));
    }
    for (int swap = 0; swap < 200; swap++) {
      unbind(registry, current);
      Thread.sleep(1);
      current = bind(registry, "slope", 0);
      Thread.sleep(1);
    }
    stop.set(true);
    for (Future<?> worker : workers) {
      worker.get(10, TimeUnit.SECONDS);
    }
    assertTrue(calls.get() > 200, "calls: " + calls);
  }

  @Test
  void anUnknownIdFailsAtOnceAndKnownOnesAreListed() {
    Registry<Service> registry = registry(30, 30);
    bind(registry, "slope", 0);
    bind(registry, "gradient", 0);
    long start = System.nanoTime();
    AttributionException e =
        assertThrows(AttributionException.class, () -> acquire(registry, "sloop"));
    assertEquals("known: [gradient, slope]", e.getMessage());
    assertTrue(System.nanoTime() - start < 5_000_000_000L);
  }

  @Test
  void anIdThatLeftIsWaitedForAndGivenUpAfterTheGrace() throws Exception {
    Registry<Service> registry = registry(0.3, 30);
    unbind(registry, bind(registry, "slope", 0));
    long start = System.nanoTime();
    assertThrows(AttributionException.class, () -> acquire(registry, "slope"));
    double seconds = (System.nanoTime() - start) / 1e9;
    assertTrue(seconds > 0.25 && seconds < 5, "gave up after " + seconds + " s");

    Registry<Service> patient = registry(30, 30);
    unbind(patient, bind(patient, "slope", 0));
    Future<Lease<Service>> waiting = threads.submit(() -> acquire(patient, "slope"));
    Thread.sleep(100);
    assertFalse(waiting.isDone());
    Service fresh = bind(patient, "slope", 0);
    assertSame(fresh, waiting.get(5, TimeUnit.SECONDS).service());
  }

  @Test
  void waitingEndsWithTheCall() {
    Registry<Service> registry = registry(30, 30);
    unbind(registry, bind(registry, "slope", 0));
    Call call = new Call(f -> {}, Optional.of(Duration.ofMillis(200)));
    CancellationException e =
        assertThrows(
            CancellationException.class,
            () ->
                registry.acquire(
                    Optional.of("slope"), call, known -> new AttributionException("none")));
    assertEquals("the deadline of 0.200 s exceeded", e.getMessage());
  }

  @Test
  void unbindWaitsForCallsInFlightWhileTheNewOneServes() throws Exception {
    Registry<Service> registry = registry(5, 30);
    Service old = bind(registry, "slope", 0);
    Lease<Service> inFlight = acquire(registry, "slope");
    Future<?> leaving = threads.submit(() -> unbind(registry, old));
    Thread.sleep(100);
    assertFalse(leaving.isDone());
    Service fresh = bind(registry, "slope", 0);
    try (Lease<Service> next = acquire(registry, "slope")) {
      assertSame(fresh, next.service());
    }
    inFlight.check();
    assertFalse(old.gone);
    inFlight.close();
    leaving.get(5, TimeUnit.SECONDS);
    assertTrue(old.gone);
  }

  @Test
  void aCallThatOutlastsTheDrainIsCancelledAndSaysSo() throws Exception {
    Registry<Service> registry = registry(5, 0.25);
    Service old = bind(registry, "slope", 0);
    Lease<Service> stubborn = acquire(registry, "slope");
    Future<?> leaving = threads.submit(() -> unbind(registry, old));
    CancellationException e = null;
    for (int i = 0; i < 200 && e == null; i++) {
      Thread.sleep(10);
      try {
        stubborn.check();
      } catch (CancellationException ended) {
        e = ended;
      }
    }
    assertFalse(leaving.isDone(), "it waits a little for the cancelled call");
    stubborn.close();
    leaving.get(5, TimeUnit.SECONDS);
    assertEquals(
        "method slope was withdrawn, and the call did not end within 0.250 s",
        e == null ? "not cancelled" : e.getMessage());
  }

  @Test
  void theHighestRankingWinsAndIsWaitedFor() throws Exception {
    Registry<Service> registry = registry(30, 30);
    Service slow = bind(registry, "reference", -1000);
    Service fast = bind(registry, "cpu", 0);
    assertSame(fast, best(registry).service());
    assertSame(slow, acquire(registry, "reference").service());
    registry.acquireAll().forEach(Lease::close);

    Registry<Service> swapped = registry(30, 30);
    bind(swapped, "reference", -1000);
    Service cpu = bind(swapped, "cpu", 0);
    unbind(swapped, cpu);
    Future<Lease<Service>> waiting = threads.submit(() -> best(swapped));
    Thread.sleep(100);
    assertFalse(waiting.isDone(), "an update of the better one is not the time for the other");
    Service again = bind(swapped, "cpu", 0);
    assertSame(again, waiting.get(5, TimeUnit.SECONDS).service());
  }

  @Test
  void afterTheGraceTheSecondBestServes() {
    Registry<Service> registry = registry(0.1, 30);
    Service slow = bind(registry, "reference", -1000);
    unbind(registry, bind(registry, "cpu", 0));
    assertSame(slow, best(registry).service());
  }

  @Test
  void aLeaseClosedTwiceCountsOnce() {
    Registry<Service> registry = registry(0, 0.1);
    Service service = bind(registry, "slope", 0);
    Lease<Service> twice = acquire(registry, "slope");
    Lease<Service> other = acquire(registry, "slope");
    twice.close();
    twice.close();
    registry.unbind(service);
    assertThrows(CancellationException.class, other::check);
  }
}
