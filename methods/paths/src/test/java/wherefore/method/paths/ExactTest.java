package wherefore.method.paths;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

/** Integrated gradients of piecewise-linear models, without error. */
class ExactTest extends MethodContract {
  private static final String ID = "integrated-gradients";

  @Override
  protected AttributionMethod<?> method() {
    return new IntegratedGradients();
  }

  @Override
  protected Map<String, String> options() {
    return Map.of("quadrature", "exact");
  }

  @Override
  protected boolean takes(Model model) {
    return model.name().equals("pooled");
  }

  @Override
  protected Model images() {
    return TestModels.pooled();
  }

  /** The contract's model for it is curved. */
  @Override
  protected boolean ignoresDummies() {
    return false;
  }

  private static double fact(Attribution answer, String name) {
    return Objects.requireNonNull(answer.facts().get(name), name);
  }

  private static AttributionRequest exact(Model model, Tensor x, Tensor from) {
    return AttributionRequest.of(model, x, ID)
        .withBaseline(new Baseline.Given(from, "from"))
        .withOption("quadrature", "exact");
  }

  /** Two hidden layers of ReLUs, x [4] to one number. */
  private record Deep(Tensor first, Tensor second, Tensor last, Tensor bias) {
    static final int IN = 4;
    static final int WIDE = 9;

    static Deep of(long seed) {
      SplittableRandom random = new SplittableRandom(seed);
      return new Deep(
          TestModels.normal(random, Shape.of(IN, WIDE), 1),
          TestModels.normal(random, Shape.of(WIDE, WIDE), 0.7),
          TestModels.normal(random, Shape.of(WIDE, 1), 1),
          TestModels.normal(random, Shape.of(WIDE), 0.5));
    }

    Model model() {
      return TestModels.of(
          "deep",
          Shape.of(IN),
          1,
          (b, x) -> {
            Value h = b.add(b.matMul(x, b.constant(first)), b.constant(bias));
            h = b.apply(new Composite.Relu(), h);
            h = b.add(b.matMul(h, b.constant(second)), b.constant(bias));
            return b.matMul(b.apply(new Composite.Relu(), h), b.constant(last));
          });
    }

    /** The pattern of the ReLUs in plain Java: 1 where one is on. */
    boolean[] pattern(double[] x) {
      boolean[] on = new boolean[2 * WIDE];
      double[] hidden = layer(x, first, on, 0);
      layer(hidden, second, on, WIDE);
      return on;
    }

    private double[] layer(double[] x, Tensor weights, boolean[] on, int offset) {
      double[] y = new double[WIDE];
      for (int j = 0; j < WIDE; j++) {
        double z = bias.get(j);
        for (int i = 0; i < x.length; i++) {
          z += x[i] * weights.get(i * WIDE + j);
        }
        on[offset + j] = z > 0;
        y[j] = Math.max(z, 0);
      }
      return y;
    }

    double[] gradient(boolean[] on) {
      double[] g = new double[IN];
      for (int j = 0; j < WIDE; j++) {
        for (int k = 0; k < WIDE; k++) {
          double through = on[j] && on[WIDE + k] ? second.get(j * WIDE + k) * last.get(k) : 0;
          for (int i = 0; i < IN; i++) {
            g[i] += first.get(i * WIDE + j) * through;
          }
        }
      }
      return g;
    }
  }

  private static double[] point(Tensor from, Tensor x, double alpha) {
    return from.zip(x, (a, b) -> a + alpha * (b - a)).toDoubles();
  }

  /**
   * Another way to the pieces: the patterns of the ReLUs, and bisection between two that differ.
   */
  private static double[] bisected(Deep deep, Tensor from, Tensor x, int[] pieces) {
    double[] sums = new double[Deep.IN];
    int cells = 20_000;
    double start = 0;
    boolean[] on = deep.pattern(point(from, x, 0));
    for (int k = 1; k <= cells; k++) {
      boolean[] next = deep.pattern(point(from, x, (double) k / cells));
      if (!Arrays.equals(on, next)) {
        double end = between(deep, from, x, on, (k - 1.0) / cells, (double) k / cells);
        add(sums, deep.gradient(on), end - start);
        start = end;
        on = next;
        pieces[0]++;
      }
    }
    add(sums, deep.gradient(on), 1 - start);
    pieces[0]++;
    for (int i = 0; i < sums.length; i++) {
      sums[i] *= x.get(i) - from.get(i);
    }
    return sums;
  }

  private static double between(
      Deep deep, Tensor from, Tensor x, boolean[] on, double low, double high) {
    double left = low;
    double right = high;
    for (int i = 0; i < 60; i++) {
      double middle = (left + right) / 2;
      if (Arrays.equals(on, deep.pattern(point(from, x, middle)))) {
        left = middle;
      } else {
        right = middle;
      }
    }
    return right;
  }

  private static void add(double[] sums, double[] gradient, double length) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += gradient[i] * length;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void agreesWithBisectionInPlainJava(long seed) {
    Deep deep = Deep.of(seed);
    SplittableRandom random = new SplittableRandom(100 + seed);
    Tensor x = TestModels.normal(random, Shape.of(1, Deep.IN), 2);
    Tensor from = TestModels.normal(random, Shape.of(1, Deep.IN), 2);
    int[] pieces = new int[1];
    double[] expected = bisected(deep, from, x, pieces);
    Attribution answer = attributor().attribute(exact(deep.model(), x, from));
    assertArrayEquals(expected, answer.value().toDoubles(), 1e-12, "seed " + seed);
    assertEquals(pieces[0], fact(answer, "steps"), "seed " + seed);
    assertTrue(pieces[0] > 4, "there are only " + pieces[0] + " pieces, seed " + seed);
    assertEquals(0, fact(answer, "residual"), 1e-12);
  }

  private static Model bending() {
    SplittableRandom random = new SplittableRandom(9);
    Tensor kernel = TestModels.normal(random, Shape.of(2, 1, 3, 3), 0.6);
    Tensor slope = Tensor.of(Shape.of(2, 1, 1), 0.3, -0.2);
    Tensor dense = TestModels.normal(random, Shape.of(18, 1), 0.7);
    return TestModels.of(
        "bending",
        Shape.of(1, 6, 6),
        1,
        (b, x) -> {
          Value h =
              b.apply(new Primitive.Conv(Window.of(3, 3).pads(1, 1), 1), x, b.constant(kernel));
          h = b.apply(new Composite.PRelu(), h, b.constant(slope));
          h = b.apply(new Composite.MaxPool(Window.of(3, 3).strides(2, 2).pads(1, 1)), h);
          h = b.add(h, b.apply(new Composite.HardSigmoid(0.4, 0.3), h));
          h = b.sub(h, b.unary(UnaryFunction.ABS, b.add(h, -0.4)));
          h = b.sub(h, b.apply(new Composite.LeakyRelu(0.1), b.add(h, 0.1)));
          h = b.add(h, b.apply(new Composite.Clip(-0.2, 0.35), h));
          h = b.binary(BinaryFunction.MIN, h, b.apply(new Primitive.Reverse(List.of(2)), h));
          return b.matMul(b.reshape(h, Shape.of(x.shape().dim(0), 18)), b.constant(dense));
        });
  }

  /** Every operator that bends: completeness, which a bend missed would break, and midpoints. */
  @Test
  void everyBendIsFound() {
    Model model = bending();
    Tensor x = TestModels.example(model, 5);
    Tensor from = TestModels.example(model, 6);
    Attribution answer = attributor().attribute(exact(model, x, from));
    assertEquals(0, fact(answer, "residual"), 1e-12);
    assertTrue(fact(answer, "steps") > 50, answer.facts().toString());
    AttributionRequest fine =
        exact(model, x, from)
            .withOption("quadrature", "riemann-middle")
            .withOption("steps", 20_000);
    double[] near = attributor().attribute(fine).value().toDoubles();
    assertArrayEquals(near, answer.value().toDoubles(), 1e-3);
  }

  /** The layer's own straight path, the inputs' path through the layer, and a polyline. */
  @Test
  void layersAndPolylinesAreExactToo() {
    AttributionRequest request =
        request(TestModels.pooled(), 4).withBaseline(new Baseline.Constant(0.5));
    AttributionRequest toPool = request.withTo("pool");
    for (AttributionRequest asked :
        List.of(toPool, toPool.withMethod("conductance"), request.withOption("path", "polyline"))) {
      Attribution answer = attributor().attribute(asked);
      assertEquals(0, fact(answer, "residual"), 1e-12);
    }
    Attribution sum = attributor().attribute(toPool.withMethod("internal-influence"));
    assertTrue(fact(sum, "steps") >= 1);
  }

  @Test
  void ofALinearModelThereIsOnePiece() {
    Attribution answer =
        attributor()
            .attribute(
                exact(
                    TestModels.linear(2, -3),
                    Tensor.of(Shape.of(1, 2), 1.0, 1.0),
                    Tensor.of(Shape.of(1, 2), 0.0, 0.0)));
    assertEquals(1, fact(answer, "steps"));
    assertArrayEquals(new double[] {2, -3}, answer.value().toDoubles());
  }

  private static String refusal(AttributionRequest request) {
    AttributionException refusal =
        assertThrows(AttributionException.class, () -> attributor().attribute(request));
    return Objects.requireNonNull(refusal.getMessage());
  }

  @Test
  void otherModelsAreRefusedByTheirNode() {
    String curved = refusal(request(TestModels.perceptron(), 3));
    assertTrue(
        curved.startsWith(
            "integrated-gradients: quadrature exact takes models that are continuous and linear but"
                + " for bends (relu, leaky_relu, prelu, abs, min, max, clip, hard_sigmoid,"
                + " max_pool), example by example; tanh %"),
        curved);
    assertTrue(curved.endsWith("(hidden1) is curved; the other quadratures take it"), curved);
    Model square = TestModels.of("square", Shape.of(1), 1, (b, x) -> b.at("sq").mul(x, x));
    assertTrue(refusal(request(square, 3)).contains("(sq) multiplies what varies"));
    Model step =
        TestModels.of("step", Shape.of(1), 1, (b, x) -> b.at("up").unary(UnaryFunction.SIGN, x));
    assertTrue(refusal(request(step, 3)).contains("(up) jumps"));
  }

  @Test
  void morePiecesThanAllowedAreRefused() {
    AttributionRequest request =
        request(TestModels.pooled(), 4)
            .withBaseline(new Baseline.Constant(0.5))
            .withOption("steps", 2);
    String message = refusal(request);
    assertTrue(
        message.matches(
            "integrated-gradients: quadrature exact finds \\d+ pieces as far as relu %\\d+"
                + " \\(relu1\\); option steps allows 2; allow more, or take another quadrature"),
        message);
  }
}
