package wherefore.method.paths;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

/** Of random piecewise-linear networks: the sum is the difference, and dense points come near. */
class ExactPropertyTest {
  private static final int NETWORKS = 40;
  private static final int DENSE = 2000;

  static LongStream seeds() {
    return LongStream.range(0, NETWORKS);
  }

  /** Made up from a seed: convolutions, pooling, sums, and three to six operators that bend. */
  private record Network(SplittableRandom random, GraphBuilder b) {
    static Model of(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      Shape input = Shape.of(1 + random.nextInt(2), 4 + random.nextInt(3), 4 + random.nextInt(3));
      return TestModels.of(
          "random " + seed,
          input,
          1,
          (b, x) -> new Network(new SplittableRandom(seed + 1000), b).body(x));
    }

    private Value body(Value x) {
      Value h = conv(x);
      int bends = 3 + random.nextInt(4);
      for (int i = 0; i < bends; i++) {
        Value bent = bend(h);
        boolean residual = random.nextInt(3) == 0 && bent.shape().equals(h.shape());
        h = residual ? b.add(h, bent) : bent;
        h = random.nextBoolean() ? conv(h) : h;
      }
      int rows = h.shape().dim(0);
      int size = h.shape().size() / rows;
      Tensor dense = TestModels.normal(random, Shape.of(size, 1), 1 / Math.sqrt(size));
      return b.matMul(b.reshape(h, Shape.of(rows, size)), b.constant(dense));
    }

    private Value conv(Value x) {
      int in = x.shape().dim(1);
      int out = 1 + random.nextInt(3);
      Tensor kernel = TestModels.normal(random, Shape.of(out, in, 3, 3), 1 / Math.sqrt(4.5 * in));
      Tensor bias = TestModels.normal(random, Shape.of(out), 0.3);
      Window same = Window.of(3, 3).pads(1, 1);
      return b.apply(new Primitive.Conv(same, 1), x, b.constant(kernel), b.constant(bias));
    }

    private Value bend(Value h) {
      double at = random.nextDouble();
      return switch (random.nextInt(8)) {
        case 0, 1 -> b.apply(new Composite.Relu(), h);
        case 2 -> b.apply(new Composite.LeakyRelu(0.3 * at), h);
        case 3 -> b.apply(new Composite.Clip(-at, 0.5), h);
        case 4 -> b.unary(UnaryFunction.ABS, h);
        case 5 -> b.apply(new Composite.MaxPool(Window.of(3, 3).pads(1, 1)), h);
        case 6 -> b.apply(new Composite.AveragePool(Window.of(3, 3).pads(1, 1), false), bend(h));
        default ->
            b.binary(
                random.nextBoolean() ? BinaryFunction.MAX : BinaryFunction.MIN,
                h,
                b.apply(new Primitive.Reverse(List.of(3)), h));
      };
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theSumIsTheDifferenceAndDensePointsComeNear(long seed) {
    Model model = Network.of(seed);
    AttributionRequest request =
        AttributionRequest.of(model, TestModels.example(model, seed), "integrated-gradients")
            .withBaseline(new Baseline.Given(TestModels.example(model, seed + 500), "drawn"));
    Attributor attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    Attribution exact = attributor.attribute(request.withOption("quadrature", "exact"));
    double residual = Objects.requireNonNull(exact.facts().get("residual"));
    assertEquals(0, residual, 1e-10, "seed " + seed);
    Attribution dense =
        attributor.attribute(
            request.withOption("quadrature", "riemann_middle").withOption("steps", DENSE));
    double[] expected = dense.value().toDoubles();
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double pieces = Objects.requireNonNull(exact.facts().get("steps"));
    double error = Math.sqrt(pieces) / DENSE * Math.max(largest, 0.1);
    assertArrayEquals(expected, exact.value().toDoubles(), error, "seed " + seed);
  }
}
