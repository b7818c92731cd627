package wherefore.runtime.attributor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import wherefore.compute.BackendInfo;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeBackend;
import wherefore.compute.ComputeException;
import wherefore.compute.Executable;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

@Timeout(60)
class CompiledGraphsTest {
  private final CountingBackend backend = new CountingBackend("counting");

  private static Graph plus(double number) {
    GraphBuilder b = new GraphBuilder();
    return b.output("y", b.add(b.input("x", ElementType.FLOAT32, Shape.of(2)), number)).build();
  }

  private static double run(CompiledGraphs graphs, double number) {
    Graph graph = plus(number);
    try (CompiledGraphs.Use use =
        graphs.acquire(CompiledGraphs.key(graph), graph, Cancellation.NEVER)) {
      Map<String, Tensor> y =
          use.executable().run(Map.of("x", Tensor.of(Shape.of(2), 1f, 2f)), Cancellation.NEVER);
      return y.values().iterator().next().get(1);
    }
  }

  @Test
  void aGraphIsCompiledOnce() {
    CompiledGraphs graphs = new CompiledGraphs(backend, 4, 1 << 20);
    assertEquals(5, run(graphs, 3));
    assertEquals(5, run(graphs, 3));
    assertEquals(6, run(graphs, 4));
    assertEquals(2, backend.compiled.get());
  }

  @Test
  void theLeastRecentlyUsedGoesFirstAndIsClosedOnce() {
    CompiledGraphs graphs = new CompiledGraphs(backend, 2, 1 << 20);
    run(graphs, 1);
    run(graphs, 2);
    run(graphs, 1);
    run(graphs, 3); // 2 goes
    assertEquals(1, backend.closed.get());
    run(graphs, 1);
    assertEquals(3, backend.compiled.get());
    run(graphs, 2);
    assertEquals(4, backend.compiled.get());
    graphs.close();
    assertEquals(4, backend.closed.get());
    assertEquals(List.of(), List.copyOf(backend.misuses));
  }

  @Test
  void nativeMemoryIsBounded() {
    CompiledGraphs graphs = new CompiledGraphs(backend, 100, 2500);
    for (int i = 0; i < 10; i++) {
      run(graphs, i);
    }
    assertEquals(8, backend.closed.get());
  }

  @Test
  void eightThreadsWithEvictionsAndAWithdrawal() throws Exception {
    long seed = System.nanoTime();
    CompiledGraphs graphs = new CompiledGraphs(backend, 2, 1 << 20);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<Integer>> workers = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      Random random = new Random(seed + t);
      workers.add(threads.submit(() -> work(graphs, random)));
    }
    Thread.sleep(300);
    graphs.close();
    for (Future<Integer> worker : workers) {
      assertTrue(worker.get(20, TimeUnit.SECONDS) > 0, "seed " + seed);
    }
    threads.shutdown();
    assertEquals(List.of(), List.copyOf(backend.misuses), "seed " + seed);
    assertEquals(backend.compiled.get(), backend.closed.get(), "seed " + seed);
  }

  private static int work(CompiledGraphs graphs, Random random) {
    int done = 0;
    while (true) {
      int number = random.nextInt(5);
      try {
        assertEquals(2 + number, run(graphs, number));
        done++;
      } catch (CancellationException e) {
        assertEquals("backend counting was withdrawn", e.getMessage());
        return done;
      }
    }
  }

  @Test
  void aFailedCompilationIsTriedAgain() {
    ComputeBackend failing =
        new ComputeBackend() {
          private boolean failed;

          @Override
          public BackendInfo info() {
            return backend.info();
          }

          @Override
          public Executable compile(Graph graph) {
            if (!failed) {
              failed = true;
              throw new ComputeException("no memory; close a model");
            }
            return backend.compile(graph);
          }
        };
    CompiledGraphs graphs = new CompiledGraphs(failing, 2, 1 << 20);
    ComputeException e = assertThrows(ComputeException.class, () -> run(graphs, 1));
    assertEquals("no memory; close a model", e.getMessage());
    assertEquals(3, run(graphs, 1));
    graphs.close();
    assertEquals(1, backend.closed.get());
  }
}
