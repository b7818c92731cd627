package wherefore.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import wherefore.compute.Executable;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class LargeWeightsTest {
  private static final int IN = 530;
  private static final int OUT = 514;
  private static final long SEED = 71;

  /** relu(gemm(x, w, c)) and its gradient; x [rows, in], or [in, rows] if it is transposed. */
  private static Graph layer(int rows, boolean transposeA, boolean transposeB) {
    SplittableRandom random = new SplittableRandom(SEED);
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.FLOAT32, transposed(transposeA, rows, IN));
    Value w = constant(b, random, transposed(transposeB, IN, OUT));
    Value c = constant(b, random, Shape.of(OUT));
    Value y =
        b.apply(
            new Composite.Relu(),
            b.apply(new Composite.Gemm(1, 1, transposeA, transposeB), x, w, c));
    b.output("y", y);
    Value one = b.expand(b.number(1, y), y.shape());
    b.output("dx", Backward.run(b, Map.of(y, one), List.of(x), Vjp.book()).get(0));
    return b.build();
  }

  private static Shape transposed(boolean transposed, int m, int n) {
    return transposed ? Shape.of(n, m) : Shape.of(m, n);
  }

  private static Value constant(GraphBuilder b, SplittableRandom random, Shape shape) {
    return b.constant(Agreement.random(random, ElementType.FLOAT32, shape));
  }

  @Test
  void agreeWithTheReferenceEitherWayRound() {
    for (int rows : List.of(1, 2, 8, 17, 64, 65)) {
      for (boolean transposeA : List.of(false, true)) {
        for (boolean transposeB : List.of(false, true)) {
          Agreement.check(
              layer(rows, transposeA, transposeB),
              new SplittableRandom(SEED + rows),
              1e-5,
              "rows %d, transposed %s, %s".formatted(rows, transposeA, transposeB));
        }
      }
    }
  }

  @Test
  void oneCopyServesTheLayerAndItsGradient() {
    CpuBackend cpu = new CpuBackend();
    long weights = 4L * IN * OUT;
    Tensor zeros = Tensor.of(Shape.of(IN, OUT), new double[IN * OUT]).to(ElementType.FLOAT32);
    for (int rows : List.of(1, 16)) {
      try (Executable executable = cpu.compile(both(zeros, rows))) {
        long held = cpu.constantBytes();
        assertTrue(held < weights * 1.1, held + " bytes for weights of " + weights);
        assertFalse(executable.toString().contains("ref:"), executable.toString());
      }
    }
    cpu.close();
  }

  /** x·W and dy·Wᵀ of one tensor. */
  private static Graph both(Tensor weights, int rows) {
    GraphBuilder b = new GraphBuilder();
    Value x = b.input("x", ElementType.FLOAT32, Shape.of(rows, IN));
    Value y = b.matMul(x, b.constant(weights));
    Value dy = b.input("dy", ElementType.FLOAT32, y.shape());
    b.output("y", y);
    b.output("dx", Backward.run(b, Map.of(y, dy), List.of(x), Vjp.book()).get(0));
    return b.build();
  }
}
