package wherefore.testkit;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeBackend;
import wherefore.compute.ComputeException;
import wherefore.compute.Executable;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * What every {@link ComputeBackend} must hold to. A test class extends it and names the backend.
 *
 * <p>Numbers are compared with {@link Definitions}, which computes each primitive from its
 * definition and composites by their bodies. The tolerance is {@link #slack} units of the backend's
 * rounding, times the number of terms that the longest sum of the graph has.
 */
public abstract class BackendContract {
  /** Replays one random graph: {@code -Dwherefore.seed=17}. */
  public static final String SEED = "wherefore.seed";

  /** The backend under test; the same one each time. */
  protected abstract ComputeBackend backend();

  /** How many units of rounding a term of a sum may cost. */
  protected double slack() {
    return 16;
  }

  /** How many random graphs. */
  protected int graphs() {
    return 1000;
  }

  private double unit() {
    return backend().info().floating() == ElementType.FLOAT64 ? 0x1p-53 : 0x1p-24;
  }

  private void assertAgrees(Graph graph, Map<String, Tensor> feeds, String what) {
    assertAgrees(graph, feeds, 0, what);
  }

  /**
   * @param scale of the values between; what remains of them where they cancel is as inexact
   */
  private void assertAgrees(Graph graph, Map<String, Tensor> feeds, double scale, String what) {
    Map<String, Tensor> actual = Run.graph(backend(), graph, feeds);
    Map<String, Tensor> expected = Definitions.run(graph, feeds);
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach(
        (name, tensor) -> {
          ElementType declared = graph.output(name).type().element();
          assertAgrees(declared, tensor, Run.get(actual, name), scale, what, graph);
        });
  }

  /** Floating values come in the backend's own type, but never narrower than the graph says. */
  private ElementType type(ElementType declared) {
    return declared == ElementType.FLOAT32 ? backend().info().floating() : declared;
  }

  private void assertAgrees(
      ElementType declared,
      Tensor expected,
      Tensor actual,
      double scale,
      String what,
      Graph graph) {
    boolean floating = expected.type().isFloating();
    assertEquals(type(declared), actual.type(), what);
    double relative = floating ? slack() * unit() * Terms.of(graph) : 0;
    double absolute = relative * Math.max(scale, largest(expected));
    Closeness.assertClose(expected, actual, relative, absolute, what);
  }

  private static double largest(Tensor tensor) {
    double largest = 0;
    for (double v : tensor.toDoubles()) {
      largest = Double.isFinite(v) ? Math.max(largest, Math.abs(v)) : largest;
    }
    return largest;
  }

  // --- numbers --------------------------------------------------------------------------------

  @TestFactory
  Stream<DynamicTest> primitives() {
    return PrimitiveCases.all().stream().map(this::test);
  }

  @TestFactory
  Stream<DynamicTest> composites() {
    return CompositeCases.all().stream().map(this::test);
  }

  /** With all operands fed, and with all but the first constant. */
  private DynamicTest test(OperatorCase c) {
    return DynamicTest.dynamicTest(
        c.toString(),
        () -> {
          for (int fed : new int[] {c.operands().size(), Math.min(1, c.operands().size())}) {
            assertAgrees(c.graph(fed), c.feeds(fed), c + " with " + fed + " operands fed");
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> randomGraphs() {
    return RandomGraphs.seeds(graphs())
        .mapToObj(
            seed ->
                DynamicTest.dynamicTest(
                    "-D" + SEED + "=" + seed,
                    () -> {
                      RandomGraphs.Example e = RandomGraphs.any(seed);
                      String what = "-D" + SEED + "=" + seed + "\n" + e.graph();
                      assertAgrees(e.graph(), e.feeds(), seed % 2, what);
                    }));
  }

  @Test
  void largeIntegersAreExact() {
    long large = (1L << 62) + 1;
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.INT64, Shape.of(2));
    b.output("sum", b.add(x, b.constant(Tensor.of(Shape.of(2), 2L, -2L))));
    b.output("less", b.compare(Comparison.LESS, x, b.slice(x, 0, 1, 2)));
    Map<String, Tensor> feeds = Map.of("x", Tensor.of(Shape.of(2), large, large + 1));
    Map<String, Tensor> y = Run.graph(backend(), b.build(), feeds);
    assertEquals(Tensor.of(Shape.of(2), large + 2, large - 1), y.get("sum"));
    assertEquals(Tensor.of(Shape.of(2), true, false), y.get("less"));
  }

  @Test
  void outputsMayBeInputsAndConstantsAndNamedTwice() {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.INT64, Shape.of(2));
    Tensor constant = Tensor.of(Shape.of(1), 5L);
    b.output("x", x).output("again", x).output("c", b.constant(constant));
    Tensor fed = Tensor.of(Shape.of(2), 3L, 4L);
    Map<String, Tensor> y = Run.graph(backend(), b.build(), Map.of("x", fed));
    assertEquals(Map.of("x", fed, "again", fed, "c", constant), y);
  }

  // --- feeds ----------------------------------------------------------------------------------

  private Executable adder() {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.FLOAT32, Shape.of(2));
    Value n = b.input("n", ElementType.INT64, Shape.of(2));
    return backend().compile(b.output("y", b.add(x, b.cast(n, ElementType.FLOAT32))).build());
  }

  private static final Tensor X = Tensor.of(Shape.of(2), 0.5f, 1.5f);
  private static final Tensor N = Tensor.of(Shape.of(2), 1L, 2L);

  private void assertRefused(String text, Map<String, Tensor> feeds) {
    try (Executable adder = adder()) {
      ComputeException refusal =
          assertThrows(ComputeException.class, () -> adder.run(feeds, Cancellation.NEVER));
      assertEquals(text, refusal.getMessage());
    }
  }

  @Test
  void refusesFeedsThatDoNotFit() {
    assertRefused("input x takes f32 or f64 [2] and is not fed; fed: n", Map.of("n", N));
    assertRefused("input x takes f32 or f64 [2] and is not fed; fed: nothing", Map.of());
    Tensor longer = Tensor.of(Shape.of(3), 1f, 2f, 3f);
    assertRefused("input x takes f32 or f64 [2] and is fed f32[3]", Map.of("x", longer, "n", N));
    assertRefused("input x takes f32 or f64 [2] and is fed i64[2]", Map.of("x", N, "n", N));
    assertRefused("input n takes i64[2] and is fed f32[2]", Map.of("x", X, "n", X));
  }

  @Test
  void takesBothFloatingTypesAndReturnsItsOwn() {
    try (Executable adder = adder()) {
      Tensor narrow = y(adder, Map.of("x", X, "n", N));
      Tensor wide = y(adder, Map.of("x", X.to(ElementType.FLOAT64), "n", N, "unused", X));
      assertEquals(narrow, wide);
      assertEquals(Tensor.of(Shape.of(2), 1.5, 3.5).to(backend().info().floating()), narrow);
    }
  }

  @Test
  void float64IsNeverNarrowed() {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.FLOAT64, Shape.of(2));
    Graph graph = b.output("y", b.add(x, x)).build();
    try (Executable executable = backend().compile(graph)) {
      Tensor y = y(executable, Map.of("x", Tensor.of(Shape.of(2), 1e300, 1 + 0x1p-40)));
      assertEquals(Tensor.of(Shape.of(2), 2e300, 2 + 0x1p-39), y);
    }
  }

  private static Tensor y(Executable executable, Map<String, Tensor> feeds) {
    return Run.get(executable.run(feeds, Cancellation.NEVER), "y");
  }

  @Test
  void indicesOutsideAreNamed() {
    GraphBuilder b = new GraphBuilder();
    Value i = b.input("i", ElementType.INT64, Shape.of(1));
    b.at("embedding");
    Graph graph = b.output("y", b.apply(new Primitive.Gather(0), b.constant(X), i)).build();
    Map<String, Tensor> feeds = Map.of("i", Tensor.of(Shape.of(1), 7L));
    ComputeException error =
        assertThrows(ComputeException.class, () -> Run.graph(backend(), graph, feeds));
    String text = "gather %\\d+ \\(embedding\\): the index 7 lies outside of an axis of extent 2";
    assertTrue(requireNonNull(error.getMessage()).matches(text), error.getMessage());
  }

  // --- life -----------------------------------------------------------------------------------

  @Test
  void runsAfterCloseAreRefused() {
    Executable adder = adder();
    adder.close();
    adder.close();
    IllegalStateException refusal =
        assertThrows(
            IllegalStateException.class,
            () -> adder.run(Map.of("x", X, "n", N), Cancellation.NEVER));
    assertEquals("this executable is closed; compile the graph again", refusal.getMessage());
    assertEquals(0, adder.nativeBytes());
  }

  private static Graph heavy() {
    Data data = new Data(3);
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.FLOAT32, Shape.of(1, 16, 96, 96));
    Primitive.Conv conv = new Primitive.Conv(Window.of(3, 3).pads(1, 1), 1);
    for (int i = 0; i < 6; i++) {
      Value y = b.apply(conv, x, b.constant(data.uniform(-0.1, 0.1, 16, 16, 3, 3)));
      x = b.apply(new Composite.Relu(), y);
    }
    return b.output("y", x).build();
  }

  @Test
  void asksAtLeastEveryHundredMilliseconds() {
    AtomicInteger asked = new AtomicInteger();
    Map<String, Tensor> feeds = Map.of("x", new Data(4).normal(1, 16, 96, 96));
    try (Executable heavy = backend().compile(heavy())) {
      long start = System.nanoTime();
      heavy.run(feeds, asked::incrementAndGet);
      long tenths = (System.nanoTime() - start) / 100_000_000;
      assertTrue(asked.get() > tenths, asked + " times in " + tenths + " tenths of a second");
    }
  }

  @Test
  void endsWhenCancelledAndRunsAgain() {
    Map<String, Tensor> feeds = Map.of("x", new Data(4).normal(1, 16, 96, 96));
    try (Executable heavy = backend().compile(heavy())) {
      AtomicInteger left = new AtomicInteger(3);
      Cancellation third =
          () -> {
            if (left.decrementAndGet() <= 0) {
              throw new CancellationException("the user ended it");
            }
          };
      CancellationException end =
          assertThrows(CancellationException.class, () -> heavy.run(feeds, third));
      assertEquals("the user ended it", end.getMessage());
      assertEquals(y(heavy, feeds), y(heavy, feeds));
    }
  }

  @Test
  void eightThreadsGetWhatOneGets() throws Exception {
    try (Executable heavy = backend().compile(heavy());
        ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Map<String, Tensor> feeds = Map.of("x", new Data(i % 3).normal(1, 16, 96, 96));
        Tensor alone = y(heavy, feeds);
        calls.add(() -> alone.equals(y(heavy, feeds)));
      }
      for (Future<Boolean> same : threads.invokeAll(calls)) {
        assertTrue(same.get());
      }
    }
  }

  @Test
  void twoCompilationsGiveTheSameBits() {
    Map<String, Tensor> feeds = Map.of("x", new Data(5).normal(1, 16, 96, 96));
    assertEquals(
        Run.output(backend(), heavy(), feeds, "y"), Run.output(backend(), heavy(), feeds, "y"));
  }
}
