package wherefore.method.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

/**
 * f = ∇f · x + Σ ∂f/∂b · b of what is piecewise linear: all that lies behind an attention's values,
 * whose weights don't depend on them. The network has each kind of bias term.
 */
class FullGradientTest {
  private static final int TOKENS = 4;
  private static final int WIDTH = 6;

  /** Weights by the order in which they are asked for. */
  private static final class Weights {
    private final GraphBuilder b;
    private final SplittableRandom random;

    Weights(GraphBuilder b, long seed) {
      this.b = b;
      this.random = new SplittableRandom(seed);
    }

    Value of(int... dims) {
      return b.constant(TestModels.normal(random, Shape.of(dims), 0.7));
    }

    Value positive(int... dims) {
      Tensor t = TestModels.normal(random, Shape.of(dims), 0.7);
      return b.constant(t.zip(t, (x, y) -> 0.3 + x * y));
    }
  }

  private static Model model(long seed) {
    return TestModels.of(
        "bent",
        Shape.of(TOKENS, WIDTH),
        2,
        (b, x) -> {
          Weights w = new Weights(b, seed);
          int rows = x.shape().dim(0);
          Value joined =
              b.concat(
                  1,
                  List.of(b.expand(w.of(1, 1, WIDTH), Shape.of(rows, 1, WIDTH)), tokens(b, w, x)));
          b.at("dense");
          Value h = b.matMul(joined, w.of(WIDTH, WIDTH));
          h = b.apply(new Composite.LeakyRelu(0.1), b.add(h, w.of(WIDTH)));
          h = b.max(h, List.of(1));
          b.at("head");
          return b.apply(
              new Composite.Gemm(1.5, 0.5, false, false),
              b.reshape(h, Shape.of(rows, WIDTH)),
              w.of(WIDTH, 2),
              w.of(2));
        });
  }

  /** Where each token has a row: a sum, a convolution, a normalisation, a choice, a difference. */
  private static Value tokens(GraphBuilder b, Weights w, Value x) {
    Value h = b.at("sum").add(x, attended(b, w, x));
    h = b.transpose(h, List.of(0, 2, 1));
    b.at("conv");
    Window window = Window.of(3).pads(1);
    h = b.apply(new Primitive.Conv(window, 1), h, w.of(WIDTH, WIDTH, 3), w.of(WIDTH));
    b.at("norm");
    Composite norm = new Composite.BatchNormalization(1e-3);
    h = b.apply(norm, h, w.of(WIDTH), w.of(WIDTH), w.of(WIDTH), w.positive(WIDTH));
    h = b.apply(new Composite.Relu(), h);
    h = b.transpose(h, List.of(0, 2, 1));
    b.at("chosen");
    Value condition = b.compare(Comparison.LESS, w.of(TOKENS, WIDTH), b.number(-0.7, h));
    h = b.where(condition, w.of(TOKENS, WIDTH), h);
    return b.at("difference").sub(w.of(WIDTH), h);
  }

  private static Value attended(GraphBuilder b, Weights w, Value x) {
    Value q = b.at("q").matMul(x, w.of(WIDTH, WIDTH));
    Value k = b.at("k").matMul(x, w.of(WIDTH, WIDTH));
    Value v = b.at("v").matMul(x, w.of(WIDTH, WIDTH));
    Value scores = b.at("scores").matMul(q, b.transpose(k, List.of(0, 2, 1)));
    return b.at("mix").matMul(b.apply(new Composite.Softmax(2), scores), v);
  }

  private static Attribution ask(AttributionRequest request) {
    return ServiceLoader.load(Attributor.class).findFirst().orElseThrow().attribute(request);
  }

  private static AttributionRequest request(Model model, long seed) {
    return AttributionRequest.of(model, TestModels.example(model, seed), "iba-score")
        .withBaseline(new Baseline.Zero())
        .withTarget(Target.of(1));
  }

  private static double fact(Attribution a, String name) {
    return Objects.requireNonNull(a.facts().get(name), name);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void explainsAllOfWhatIsPiecewiseLinear(long seed) {
    Attribution a = ask(request(model(seed), seed).withTo("v"));
    double whole = Math.abs(fact(a, "gradient-x-input")) + Math.abs(fact(a, "bias-terms"));
    assertEquals(
        fact(a, "output"), fact(a, "gradient-x-input") + fact(a, "bias-terms"), 1e-10 * whole);
    assertEquals(0, fact(a, "unexplained"), 1e-10 * whole);
    assertTrue(Math.abs(fact(a, "bias-terms")) > 1e-3, "biases add " + a.facts());
    assertEquals(8, fact(a, "biases"));
    assertEquals(5, fact(a, "biases-by-token"));
  }

  /** What follows is linear, so that the term is the difference that the bias makes. */
  @ParameterizedTest
  @ValueSource(strings = {"instance", "group", "layer", "transposed"})
  void theBiasOfAnOperatorIsTheDifferenceItMakes(String kind) {
    Attribution with = ask(request(biased(kind, 1), 4).withTo("v"));
    Attribution without = ask(request(biased(kind, 0), 4).withTo("v"));
    double made = fact(with, "output") - fact(without, "output");
    assertTrue(Math.abs(made) > 1e-2, "it makes " + made);
    assertEquals(made, fact(with, "bias-terms"), 1e-12);
    assertEquals(0, fact(without, "total bias"));
    assertEquals(1, fact(with, "biases"));
    assertEquals(1, fact(with, "biases-by-token"));
  }

  private static Model biased(String kind, double factor) {
    return TestModels.of(
        kind,
        Shape.of(TOKENS, WIDTH),
        2,
        (b, x) -> {
          Weights w = new Weights(b, 8);
          Value h = attended(b, w, x);
          Value bias = b.mul(w.of(WIDTH), factor);
          Value scale = w.of(WIDTH);
          Value channels = b.at(kind).transpose(h, List.of(0, 2, 1));
          Value y =
              switch (kind) {
                case "instance" ->
                    b.apply(new Composite.InstanceNormalization(1e-3), channels, scale, bias);
                case "group" ->
                    b.apply(new Composite.GroupNormalization(2, 1e-3), channels, scale, bias);
                case "transposed" ->
                    b.apply(
                        new Primitive.ConvTranspose(Window.of(1), List.of(0), 1),
                        channels,
                        w.of(WIDTH, WIDTH, 1),
                        bias);
                default -> b.apply(new Composite.LayerNormalization(2, 1e-3), h, scale, bias);
              };
          Value flat = b.reshape(y, Shape.of(x.shape().dim(0), TOKENS * WIDTH));
          return b.at("head").matMul(flat, w.of(TOKENS * WIDTH, 2));
        });
  }

  @Test
  void whatIsMaskedIsNoBias() {
    double[] mask = new double[TOKENS * TOKENS];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = i % TOKENS > i / TOKENS ? Double.NEGATIVE_INFINITY : 0;
    }
    Model model =
        TestModels.of(
            "causal",
            Shape.of(TOKENS, WIDTH),
            2,
            (b, x) -> {
              Weights w = new Weights(b, 5);
              Value q = b.matMul(x, w.of(WIDTH, WIDTH));
              Value scores = b.matMul(q, b.transpose(x, List.of(0, 2, 1)));
              Value masked = b.add(scores, b.constant(Tensor.of(Shape.of(TOKENS, TOKENS), mask)));
              Value mixed = b.matMul(b.apply(new Composite.Softmax(2), masked), x);
              Value sum = b.reshape(b.sum(mixed, List.of(1)), Shape.of(x.shape().dim(0), WIDTH));
              return b.add(b.matMul(sum, w.of(WIDTH, 2)), 0.25);
            });
    Attribution a = ask(request(model, 3));
    assertEquals(2, fact(a, "biases"));
    assertEquals(0, fact(a, "total bias"));
    assertEquals(0.25, fact(a, "bias-terms"));
    assertEquals(0.25, fact(a, "bias elsewhere"));
    assertEquals(1, a.sum(), 1e-12);
  }
}
