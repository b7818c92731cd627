package wherefore.method.paths;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.graph.UnaryFunction;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

/** Conductance and internal influence where they are known: h = tanh(W x), f = Σ_j v_j h_j². */
class LayerPathTest {
  private static final int INPUTS = 3;
  private static final int UNITS = 4;

  private final Tensor w = TestModels.normal(new SplittableRandom(1), Shape.of(INPUTS, UNITS), 0.9);
  private final Tensor v = TestModels.normal(new SplittableRandom(2), Shape.of(UNITS, 1), 1);
  private final Tensor x = Tensor.of(Shape.of(1, INPUTS), 0.7, -1.3, 2.0);
  private final Tensor from = Tensor.of(Shape.of(1, INPUTS), -0.2, 0.4, 0.1);

  private Model squares() {
    return TestModels.of(
        "squares",
        Shape.of(INPUTS),
        1,
        (b, in) -> {
          var h = b.at("h").unary(UnaryFunction.TANH, b.matMul(in, b.constant(w)));
          return b.at("f").matMul(b.mul(h, h), b.constant(v));
        });
  }

  private double h(int j, double alpha) {
    double sum = 0;
    for (int i = 0; i < INPUTS; i++) {
      double at = from.get(i) + alpha * (x.get(i) - from.get(i));
      sum += at * w.get(i * UNITS + j);
    }
    return Math.tanh(sum);
  }

  private static Attribution ask(AttributionRequest request) {
    return ServiceLoader.load(Attributor.class).findFirst().orElseThrow().attribute(request);
  }

  private AttributionRequest request(String method) {
    return AttributionRequest.of(squares(), x, method)
        .withBaseline(new Baseline.Given(from, "from"))
        .withTo("h")
        .withOption("accuracy", 1e-9)
        .withOption("tolerance", 1e-9)
        .withOption("steps", 100_000);
  }

  /** ∫ 2 v h h' dα = v (h(1)² − h(0)²). */
  @Test
  void conductanceIsEachUnitsShare() {
    double[] expected = new double[UNITS];
    Arrays.setAll(expected, j -> v.get(j) * (h(j, 1) * h(j, 1) - h(j, 0) * h(j, 0)));
    Attribution answer = ask(request("conductance"));
    assertArrayEquals(expected, answer.value().toDoubles(), 1e-8);
    assertEquals(0, answer.facts().getOrDefault("residual", 1.0), 1e-8);
  }

  /** Another path in the layer's space, and so another answer. */
  @Test
  void theStraightPathOfTheLayerIsAnotherOne() {
    double[] conductance = ask(request("conductance")).value().toDoubles();
    double[] straight = ask(request("integrated-gradients")).value().toDoubles();
    assertEquals(Arrays.stream(conductance).sum(), Arrays.stream(straight).sum(), 1e-7);
  }

  @Test
  void internalInfluenceIsTheMeanGradient() {
    int points = 200_000;
    double[] expected = new double[UNITS];
    for (int j = 0; j < UNITS; j++) {
      for (int k = 0; k < points; k++) {
        expected[j] += 2 * v.get(j) * h(j, (k + 0.5) / points) / points;
      }
    }
    Attribution answer = ask(request("internal-influence"));
    assertArrayEquals(expected, answer.value().toDoubles(), 1e-8);
    assertFalse(answer.facts().containsKey("residual"));
  }

  @Test
  void ofTheInputsConductanceIsIntegratedGradients() {
    Model model = TestModels.convolutional();
    Tensor image = TestModels.example(model, 4);
    AttributionRequest request =
        AttributionRequest.of(model, image, "integrated-gradients")
            .withBaseline(new Baseline.Zero())
            .withOption("quadrature", "gauss-legendre");
    assertArrayEquals(
        ask(request).value().toDoubles(),
        ask(request.withMethod("conductance")).value().toDoubles(),
        1e-12);
  }

  /** A shortcut leads past {@code conv2}: its conductance does not sum to the change. */
  @Test
  void aLayerThatIsPassedByHasNoResidual() {
    Model model = TestModels.convolutional();
    AttributionRequest request =
        AttributionRequest.of(model, TestModels.example(model, 4), "conductance")
            .withBaseline(new Baseline.Zero());
    assertFalse(ask(request.withTo("conv2")).facts().containsKey("residual"));
    Attribution cut = ask(request.withTo("pool"));
    assertTrue(cut.facts().containsKey("residual"), cut.facts().toString());
    assertEquals(1.0, cut.facts().getOrDefault("converged", 0.0));
  }

  /** Over two baselines: (a − b)²/2. */
  @Test
  void theVarianceOverBaselines() {
    Tensor two = Tensor.concatRows(List.of(from, x.zip(x, (a, b) -> -0.5 * a)));
    AttributionRequest request =
        AttributionRequest.of(squares(), x, "integrated-gradients")
            .withOption("quadrature", "gauss-legendre");
    double[] a =
        ask(request.withBaseline(new Baseline.Given(two.rows(0, 1), "a"))).value().toDoubles();
    double[] b =
        ask(request.withBaseline(new Baseline.Given(two.rows(1, 2), "b"))).value().toDoubles();
    double[] expected = new double[INPUTS];
    Arrays.setAll(expected, i -> (a[i] - b[i]) * (a[i] - b[i]) / 2);
    AttributionRequest both = request.withBaseline(new Baseline.Given(two, "both"));
    assertArrayEquals(
        expected, ask(both.withOption("over", "variance")).value().toDoubles(), 1e-12);
  }

  /** Drawn points against the quadrature, over two baselines. */
  @Test
  void expectedGradientsAreTheMeanOfIntegratedGradients() {
    Tensor two = Tensor.concatRows(List.of(from, x.zip(x, (a, b) -> -0.5 * a)));
    AttributionRequest request =
        AttributionRequest.of(squares(), x, "integrated-gradients")
            .withBaseline(new Baseline.Given(two, "both"))
            .withSeed(3);
    double[] expected = ask(request.withOption("quadrature", "gauss-legendre")).value().toDoubles();
    Attribution drawn = ask(request.withMethod("expected-gradients").withOption("samples", 4000));
    Tensor errors = Objects.requireNonNull(drawn.errors().get("x"));
    for (int i = 0; i < INPUTS; i++) {
      assertTrue(errors.get(i) > 0 && errors.get(i) < 0.05, "its error is " + errors.get(i));
      assertEquals(expected[i], drawn.value().get(i), 6 * errors.get(i));
    }
  }
}
