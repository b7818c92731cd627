package wherefore.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeException;
import wherefore.compute.Executable;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class NativeMemoryTest {
  private static final int WIDTH = 256;

  /** Of one network: its constants and a frame. */
  private static final long ALONE = aloneBytes();

  private static final Map<String, Tensor> FEEDS = Map.of("x", random(Shape.of(WIDTH, WIDTH), 99));

  private CpuBackend cpu = new CpuBackend(Map.of());

  /** Products with a matrix of its own, softmaxes between them. */
  private static Graph network(int number) {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.FLOAT32, Shape.of(WIDTH, WIDTH));
    Value w = b.constant(random(Shape.of(WIDTH, WIDTH), number));
    Value y = x;
    for (int i = 0; i < 4; i++) {
      y = b.apply(new Composite.Softmax(1), b.matMul(y, w));
    }
    return b.output("y", y).build();
  }

  private static Tensor random(Shape shape, long seed) {
    return Agreement.random(new SplittableRandom(seed), ElementType.FLOAT32, shape);
  }

  private static long aloneBytes() {
    CpuBackend cpu = new CpuBackend(Map.of());
    try (Executable executable = cpu.compile(network(0))) {
      assertEquals(executable.nativeBytes(), cpu.nativeBytes());
      return cpu.nativeBytes();
    } finally {
      cpu.close();
    }
  }

  private void budget(double networks) {
    cpu = new CpuBackend(Map.of("wherefore.native.memory", (long) (networks * ALONE)));
  }

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, cpu.nativeBytes());
    cpu.close();
  }

  private static Map<String, Tensor> expected(int number) {
    try (Executable executable = Agreement.CPU.compile(network(number))) {
      return executable.run(FEEDS, Cancellation.NEVER);
    }
  }

  @Test
  void whatNeverFitsIsRefusedWithFigures() {
    budget(0.5);
    ComputeException e = assertThrows(ComputeException.class, () -> cpu.compile(network(1)));
    assertTrue(e.isTooLarge());
    assertTrue(
        String.valueOf(e.getMessage())
            .matches(
                "backend cpu: the graph needs [\\d,]+ bytes or more outside of the heap; the"
                    + " budget is [\\d,]+ \\(setting wherefore\\.native\\.memory\\), of which"
                    + " others hold 0; ask for fewer rows at a time \\(setting"
                    + " wherefore\\.rows\\) or raise the budget"),
        e.getMessage());
  }

  @Test
  void idleExecutablesMakeRoomAndComeBack() {
    budget(1.5);
    try (Executable first = cpu.compile(network(1));
        Executable second = cpu.compile(network(2))) {
      assertTrue(first.nativeBytes() < ALONE, "keeps all");
      for (int i = 0; i < 3; i++) {
        assertEquals(expected(1), first.run(FEEDS, Cancellation.NEVER));
        assertEquals(expected(2), second.run(FEEDS, Cancellation.NEVER));
        assertTrue(cpu.nativeBytes() <= 1.5 * ALONE);
      }
    }
  }

  @Test
  void manyThreadsTakeTurns() throws Exception {
    budget(2.2);
    List<Executable> networks = new ArrayList<>();
    List<Map<String, Tensor>> expected = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      networks.add(cpu.compile(network(i)));
      expected.add(expected(i));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int i = 0; i < 120; i++) {
        int number = i % 4;
        tasks.add(
            () -> {
              Map<String, Tensor> actual = networks.get(number).run(FEEDS, Cancellation.NEVER);
              return expected.get(number).equals(actual) && cpu.nativeBytes() <= 2.2 * ALONE;
            });
      }
      for (Future<Boolean> task : threads.invokeAll(tasks)) {
        assertTrue(task.get());
      }
    }
    networks.forEach(Executable::close);
  }

  @Test
  void whoWaitsCanBeCancelled() throws Exception {
    budget(1.2);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch finish = new CountDownLatch(1);
    AtomicBoolean waited = new AtomicBoolean();
    Cancellation holding =
        () -> {
          inside.countDown();
          awaited(finish);
        };
    Cancellation impatient =
        () -> {
          if (waited.getAndSet(true)) {
            throw new CancellationException("enough");
          }
        };
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        Executable first = cpu.compile(network(1));
        Executable second = cpu.compile(network(2))) {
      Future<Map<String, Tensor>> run = thread.submit(() -> first.run(FEEDS, holdingOnce(holding)));
      inside.await();
      assertThrows(CancellationException.class, () -> second.run(FEEDS, impatient));
      finish.countDown();
      assertEquals(expected(1), run.get());
      assertEquals(expected(2), second.run(FEEDS, Cancellation.NEVER));
    }
  }

  /** Leaves the first question, asked before memory is taken, unanswered. */
  private static Cancellation holdingOnce(Cancellation holding) {
    AtomicBoolean asked = new AtomicBoolean();
    return () -> {
      if (asked.getAndSet(true)) {
        holding.check();
      }
    };
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void failureAndCancellationLeaveNothing() {
    Executable executable = cpu.compile(network(1));
    long before = cpu.nativeBytes();
    assertThrows(ComputeException.class, () -> executable.run(Map.of(), Cancellation.NEVER));
    AtomicBoolean asked = new AtomicBoolean();
    assertThrows(
        CancellationException.class,
        () ->
            executable.run(
                FEEDS,
                () -> {
                  if (asked.getAndSet(true)) {
                    throw new CancellationException("enough");
                  }
                }));
    assertEquals(before, cpu.nativeBytes());
    executable.close();
  }

  @Test
  void aBudgetThatIsNoNumberIsRefused() {
    ComputeException e =
        assertThrows(
            ComputeException.class,
            () -> new CpuBackend(Map.of("wherefore.native.memory", "much")));
    assertEquals(
        "wherefore.native.memory is much, must be a positive number of bytes", e.getMessage());
  }
}
