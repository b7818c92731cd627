package wherefore.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeException;
import wherefore.compute.Executable;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.RandomGraphs;
import wherefore.testkit.TestModels;

class CpuBackendTest {
  private static final Tensor WEIGHTS = random(Shape.of(32, 16, 3, 3), 1);
  private static final Tensor BIAS = random(Shape.of(32), 2);

  private static Tensor random(Shape shape, long seed) {
    return Agreement.random(new SplittableRandom(seed), ElementType.FLOAT32, shape);
  }

  private static Graph network(int batch) {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.FLOAT32, Shape.of(batch, 16, 20, 20));
    Window window = Window.of(3, 3).pads(1, 1);
    Value conv = b.apply(new Primitive.Conv(window, 1), x, b.constant(WEIGHTS), b.constant(BIAS));
    Value relu = b.apply(new Composite.Relu(), conv);
    Value pool = b.apply(new Composite.MaxPool(Window.of(2, 2).strides(2, 2)), relu);
    Value y = b.sum(pool, List.of(1, 2, 3));
    b.output("y", y);
    Value one = b.expand(b.number(1, y), y.shape());
    b.output("dx", Backward.run(b, Map.of(y, one), List.of(x), Vjp.book()).get(0));
    return b.build();
  }

  private static Map<String, Tensor> feeds(int batch) {
    return Map.of("x", random(Shape.of(batch, 16, 20, 20), 3));
  }

  @Test
  void memoryIsGoneAfterClose() throws IOException {
    CpuBackend cpu = new CpuBackend(Map.of("wherefore.threads", "2"));
    long after = 0;
    for (int i = 0; i < 200; i++) {
      try (Executable executable = cpu.compile(network(4))) {
        executable.run(feeds(4), Cancellation.NEVER);
        assertTrue(executable.nativeBytes() > 0);
      }
      assertEquals(0, cpu.constantBytes());
      if (i == 99) {
        after = resident();
      }
    }
    long grown = resident() - after;
    cpu.close();
    assertTrue(grown < 24 << 20, "resident memory has grown by " + grown + " bytes");
  }

  /** Bytes of this process in memory; 0 where the system doesn't tell. */
  private static long resident() throws IOException {
    System.gc();
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(l -> l.startsWith("VmRSS:"))
        .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) << 10)
        .sum();
  }

  @Test
  void weightsArePackedOnceForAllExecutables() {
    CpuBackend cpu = new CpuBackend();
    Executable first = cpu.compile(network(2));
    long bytes = cpu.constantBytes();
    Executable second = cpu.compile(network(3));
    long packed = 4L * WEIGHTS.size();
    assertTrue(cpu.constantBytes() - bytes < packed, "packed again");
    first.close();
    second.run(feeds(3), Cancellation.NEVER);
    second.close();
    assertEquals(0, cpu.constantBytes());
    assertEquals(0, second.nativeBytes());
    cpu.close();
  }

  @Test
  void closingTheBackendFreesWhatIsOpen() {
    CpuBackend cpu = new CpuBackend();
    Executable executable = cpu.compile(network(2));
    cpu.close();
    assertEquals(0, executable.nativeBytes());
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class, () -> executable.run(feeds(2), Cancellation.NEVER));
    assertEquals("this executable is closed; compile the graph again", e.getMessage());
  }

  @Test
  void manyThreadsGetWhatOneGets() throws Exception {
    CpuBackend cpu = new CpuBackend(Map.of("wherefore.threads", "2"));
    try (Executable executable = cpu.compile(network(2));
        ExecutorService threads = Executors.newFixedThreadPool(6)) {
      Map<String, Tensor> expected = executable.run(feeds(2), Cancellation.NEVER);
      List<Callable<Map<String, Tensor>>> tasks = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        tasks.add(() -> executable.run(feeds(2), Cancellation.NEVER));
      }
      for (Future<Map<String, Tensor>> result : threads.invokeAll(tasks)) {
        assertEquals(expected, result.get());
      }
    }
    cpu.close();
  }

  @Test
  void eachPassCanBeLeftOut() {
    for (String pass :
        List.of(
            Settings.FOLD_NORMALIZATION,
            Settings.FOLD_BIAS,
            Settings.FOLD_SCALE,
            Settings.FOLD_CONSTANTS,
            Settings.MASK_FROM_OUTPUT,
            Settings.FUSE_POST_OPS,
            Settings.FUSE_ELEMENTWISE,
            Settings.IN_PLACE)) {
      CpuBackend cpu = new CpuBackend(Map.of("wherefore.cpu.disable", pass));
      for (long seed = 501; seed < 541; seed += 2) {
        RandomGraphs.Example e = RandomGraphs.any(seed);
        Agreement.check(cpu, e.graph(), e.feeds(), 1e-4, "without " + pass + ", seed " + seed);
      }
      assertEquals(pass, cpu.info().settings().get("wherefore.cpu.disable"));
      cpu.close();
    }
  }

  @Test
  void aConvolutionAddsWhatEachChannelGets() {
    CpuBackend cpu = new CpuBackend();
    SplittableRandom random = new SplittableRandom(61);
    Tensor x = TestModels.normal(random, Shape.of(2, 3, 9, 8), 1).to(ElementType.FLOAT32);
    Tensor w = TestModels.normal(random, Shape.of(5, 3, 3, 3), 1).to(ElementType.FLOAT32);
    for (Shape shape : List.of(Shape.of(1, 5, 1, 1), Shape.of(2, 5, 1, 1), Shape.of(1, 5, 1, 6))) {
      Tensor addend = TestModels.normal(random, shape, 1).to(ElementType.FLOAT32);
      GraphBuilder b = new GraphBuilder();
      Value in = b.input("x", ElementType.FLOAT32, x.shape());
      Primitive.Conv conv = new Primitive.Conv(Window.of(3, 3), 1);
      Value sum = b.add(b.apply(conv, in, b.constant(w)), b.constant(addend));
      Graph graph = b.output("y", sum).build();
      Agreement.check(cpu, graph, Map.of("x", x), 1e-5, shape.toString());
      boolean isFolded =
          new FoldBias()
              .apply(graph).nodes().stream().noneMatch(n -> n.op() instanceof Primitive.Binary);
      assertEquals(shape.size() == 5, isFolded, shape::toString);
    }
    cpu.close();
  }

  @Test
  void fusesWhatFollowsAConvolution() {
    CpuBackend cpu = new CpuBackend();
    try (Executable executable = cpu.compile(network(2))) {
      String plan = executable.toString();
      assertTrue(plan.contains("= relu(") && plan.contains("conv "), plan);
      assertFalse(plan.contains("elementwise x1  # %4 = relu"), plan);
    }
    cpu.close();
  }

  @Test
  void anUnknownSettingNamesTheKnownOnes() {
    ComputeException pass =
        assertThrows(
            ComputeException.class, () -> new CpuBackend(Map.of("wherefore.cpu.disable", "speed")));
    assertEquals(
        "wherefore.cpu.disable names no pass speed; known: fold-bias, fold-constants,"
            + " fold-normalization, fold-scale, fuse-elementwise, fuse-post-ops, in-place, mask-from-output",
        pass.getMessage());
    ComputeException threads =
        assertThrows(
            ComputeException.class, () -> new CpuBackend(Map.of("wherefore.threads", "many")));
    assertEquals("wherefore.threads is many, must be a positive number", threads.getMessage());
  }

  @Test
  void stopsBetweenSteps() {
    CpuBackend cpu = new CpuBackend();
    int[] asked = {0};
    Cancellation third =
        () -> {
          if (++asked[0] == 3) {
            throw new CancellationException("enough");
          }
        };
    try (Executable executable = cpu.compile(network(2))) {
      assertThrows(CancellationException.class, () -> executable.run(feeds(2), third));
      executable.run(feeds(2), Cancellation.NEVER);
    }
    cpu.close();
  }
}
