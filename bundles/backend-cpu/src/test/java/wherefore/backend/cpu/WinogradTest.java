package wherefore.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeBackend;
import wherefore.compute.Executable;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class WinogradTest {
  private static final double[][] B_T = {
    {4, 0, -5, 0, 1, 0},
    {0, -4, -4, 1, 1, 0},
    {0, 4, -4, -1, 1, 0},
    {0, -2, -1, 2, 1, 0},
    {0, 2, -1, -2, 1, 0},
    {0, 4, 0, -5, 0, 1}
  };
  private static final double[][] A_T = {
    {1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}
  };
  private static final double[][] G = {
    {1 / 4.0, 0, 0},
    {-1 / 6.0, -1 / 6.0, -1 / 6.0},
    {-1 / 6.0, 1 / 6.0, -1 / 6.0},
    {1 / 24.0, 1 / 12.0, 1 / 6.0},
    {1 / 24.0, -1 / 12.0, 1 / 6.0},
    {0, 0, 1}
  };

  /** Half a unit in the last place of 1. */
  private static final double UNIT = 0x1p-24;

  /** A convolution drawn at random: sizes that no tile fits, any padding up to 2. */
  private record Problem(
      Tensor x, Tensor w, Tensor bias, int top, int left, int bottom, int right, boolean adjoint) {
    static Problem draw(SplittableRandom random) {
      boolean adjoint = random.nextBoolean();
      int channels = 8 * random.nextInt(1, 6);
      int filters = 8 * random.nextInt(1, 6);
      int height = random.nextInt(3, 20);
      int width = random.nextInt(3, 40);
      Shape w = adjoint ? Shape.of(channels, filters, 3, 3) : Shape.of(filters, channels, 3, 3);
      return new Problem(
          tensor(random, Shape.of(random.nextInt(1, 6), channels, height, width)),
          tensor(random, w),
          tensor(random, Shape.of(filters)),
          random.nextInt(3),
          random.nextInt(3),
          random.nextInt(3),
          random.nextInt(3),
          adjoint);
    }

    private static Tensor tensor(SplittableRandom random, Shape shape) {
      return Agreement.random(random, ElementType.FLOAT32, shape);
    }

    Window window() {
      return new Window(
          List.of(3, 3), List.of(1, 1), List.of(1, 1), List.of(top, left), List.of(bottom, right));
    }

    Value apply(GraphBuilder b, Value in) {
      return adjoint
          ? b.apply(
              new Primitive.ConvTranspose(window(), List.of(0, 0), 1),
              in,
              b.constant(w),
              b.constant(bias))
          : b.apply(new Primitive.Conv(window(), 1), in, b.constant(w), b.constant(bias));
    }

    Graph graph() {
      GraphBuilder b = new GraphBuilder();
      return b.output("y", apply(b, b.input("x", ElementType.FLOAT32, x.shape()))).build();
    }

    /** Zeros around what is read, as the convolution that computes the adjoint has them. */
    int[] zeros() {
      return adjoint
          ? new int[] {2 - top, 2 - left, 2 - bottom, 2 - right}
          : new int[] {top, left, bottom, right};
    }

    double weight(int k, int c, int r, int s) {
      return adjoint
          ? w.get(((c * w.shape().dim(1) + k) * 3 + 2 - r) * 3 + 2 - s)
          : w.get(((k * w.shape().dim(1) + c) * 3 + r) * 3 + s);
    }

    double input(int n, int c, int y, int z) {
      boolean inside = y >= 0 && z >= 0 && y < x.shape().dim(2) && z < x.shape().dim(3);
      return inside
          ? x.get(((n * x.shape().dim(1) + c) * x.shape().dim(2) + y) * x.shape().dim(3) + z)
          : 0;
    }
  }

  private static CpuBackend backend(int threads) {
    return new CpuBackend(Map.of("wherefore.threads", threads), tiling -> true);
  }

  private static Tensor run(ComputeBackend backend, Graph graph, Tensor x) {
    try (Executable executable = backend.compile(graph)) {
      executable.run(Map.of("x", x), Cancellation.NEVER);
      return Objects.requireNonNull(executable.run(Map.of("x", x), Cancellation.NEVER).get("y"));
    }
  }

  /** Every element is as near to the definition as the class promises. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void agreesWithTheDefinition(int threads) {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    CpuBackend cpu = backend(threads);
    try {
      for (int i = 0; i < 40; i++) {
        Problem problem = Problem.draw(random);
        String what = "seed %d, problem %d: %s".formatted(seed, i, problem.graph());
        try (Executable executable = cpu.compile(problem.graph())) {
          assertTrue(executable.toString().contains("winograd F(4x4,3x3)"), what + executable);
        }
        check(problem, run(cpu, problem.graph(), problem.x()), random, what);
      }
    } finally {
      cpu.close();
    }
  }

  private static void check(Problem p, Tensor y, SplittableRandom random, String what) {
    Shape shape = y.shape();
    for (int i = 0; i < 60; i++) {
      int at = random.nextInt(shape.size());
      int z = at % shape.dim(3);
      int row = at / shape.dim(3) % shape.dim(2);
      int k = at / shape.dim(3) / shape.dim(2) % shape.dim(1);
      int n = at / shape.dim(3) / shape.dim(2) / shape.dim(1);
      double exact = p.bias().get(k);
      for (int c = 0; c < p.x().shape().dim(1); c++) {
        for (int t = 0; t < 9; t++) {
          int above = row + t / 3 - p.zeros()[0];
          int before = z + t % 3 - p.zeros()[1];
          exact += p.weight(k, c, t / 3, t % 3) * p.input(n, c, above, before);
        }
      }
      double error = Math.abs(exact - y.get(at));
      double bound = bound(p, n, k, row, z);
      assertTrue(error <= bound, "%s%ny[%d]: error %s, bound %s".formatted(what, at, error, bound));
    }
  }

  /** (C + 24) u |Aᵀ| [Σ |G g Gᵀ| ⊙ |Bᵀ| |d| |B|] |A|, with |G| |g| |Gᵀ| for the first factor. */
  private static double bound(Problem p, int n, int k, int row, int z) {
    int channels = p.x().shape().dim(1);
    double[][] sum = new double[6][6];
    for (int c = 0; c < channels; c++) {
      double[][] g = new double[3][3];
      double[][] d = new double[6][6];
      for (int i = 0; i < 6; i++) {
        for (int j = 0; j < 6; j++) {
          int y = row / 4 * 4 + i - p.zeros()[0];
          d[i][j] = Math.abs(p.input(n, c, y, z / 4 * 4 + j - p.zeros()[1]));
          if (i < 3 && j < 3) {
            g[i][j] = Math.abs(p.weight(k, c, i, j));
          }
        }
      }
      double[][] u = both(G, g);
      double[][] v = both(B_T, d);
      for (int i = 0; i < 36; i++) {
        sum[i / 6][i % 6] += u[i / 6][i % 6] * v[i / 6][i % 6];
      }
    }
    double bias = Math.abs(p.bias().get(k));
    return (channels + 24) * UNIT * (both(A_T, sum)[row % 4][z % 4] + bias);
  }

  /** |M| x |Mᵀ|. */
  private static double[][] both(double[][] m, double[][] x) {
    double[][] y = new double[m.length][m.length];
    for (int i = 0; i < m.length; i++) {
      for (int j = 0; j < m.length; j++) {
        for (int a = 0; a < x.length; a++) {
          for (int b = 0; b < x.length; b++) {
            y[i][j] += Math.abs(m[i][a]) * x[a][b] * Math.abs(m[j][b]);
          }
        }
      }
    }
    return y;
  }

  /** What follows a convolution is computed behind it, whether or not it is fused. */
  @Test
  void computesWhatFollows() {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20; i++) {
      Problem problem = Problem.draw(random);
      GraphBuilder b = new GraphBuilder();
      Value x = b.input("x", ElementType.FLOAT32, problem.x().shape());
      Value y = problem.apply(b, x);
      Value other = b.mul(y, b.number(0.5, y));
      b.output("half", other);
      for (int j = random.nextInt(4); j > 0; j--) {
        y =
            switch (random.nextInt(3)) {
              case 0 -> b.apply(new Composite.Relu(), y);
              case 1 -> b.apply(new Primitive.Binary(BinaryFunction.ADD), y, y);
              default -> b.mul(y, b.number(-3, y));
            };
      }
      b.output("y", b.apply(new Composite.Relu(), problem.apply(b, x)));
      b.output("z", y);
      CpuBackend cpu = backend(2);
      try {
        Agreement.check(
            cpu, b.build(), Map.of("x", problem.x()), 2e-4, "seed %d, %d".formatted(seed, i));
      } finally {
        cpu.close();
      }
    }
  }

  /** The result doesn't depend on how many images are computed at once, nor on the threads. */
  @Test
  void computesAnImageTheSameInAnyCompany() {
    SplittableRandom random = new SplittableRandom(5);
    Tensor x = Agreement.random(random, ElementType.FLOAT32, Shape.of(6, 16, 13, 21));
    Tensor w = Agreement.random(random, ElementType.FLOAT32, Shape.of(24, 16, 3, 3));
    Tensor whole = run(backend(2), network(6, w), x);
    for (int rows : new int[] {1, 2, 3}) {
      for (int from = 0; from < 6; from += rows) {
        Tensor part = run(backend(rows), network(rows, w), x.rows(from, from + rows));
        Tensor expected = whole.rows(from, from + rows);
        for (int i = 0; i < part.size(); i++) {
          assertEquals(expected.get(i), part.get(i), rows + " images from " + from);
        }
      }
    }
  }

  private static Graph network(int images, Tensor w) {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.FLOAT32, Shape.of(images, 16, 13, 21));
    Window window = Window.of(3, 3).pads(1, 1);
    return b.output("y", b.apply(new Primitive.Conv(window, 1), x, b.constant(w))).build();
  }

  /** The transforms run in loops of thousands: nothing in them may be left to the collector. */
  @Test
  void transformsWithoutAllocating() {
    WinogradTiling tiling = new WinogradTiling(2, 16, 28, 28, 16, 28, 28, 1, 1);
    WinogradTiling.Chunk chunk = tiling.chunks(1).get(0);
    int length = (tiling.tileColumns() + 1) * tiling.group() * 8;
    WinogradScratch scratch = new WinogradScratch.Size(chunk.rows(), length).allocate();
    WinogradTransforms transforms = new WinogradTransforms(tiling, 8);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment image = arena.allocate(4L * 2 * 16 * 28 * 28, 64);
      MemorySegment points = arena.allocate(4L * 36 * 16 * tiling.tiles(chunk), 64);
      Runnable both =
          () -> {
            transforms.input(scratch, chunk, 1, image, points);
            transforms.output(scratch, chunk, 1, points, image, true);
          };
      for (int i = 0; i < 2000; i++) {
        both.run();
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 1000; i++) {
        both.run();
      }
      long each = (threads.getCurrentThreadAllocatedBytes() - before) / 1000;
      assertEquals(0, each, "bytes allocated for a block of channels");
    }
  }
}
