package wherefore.method.deeplift;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.graph.Composite;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.RandomGraphs;
import wherefore.testkit.TestModels;

/**
 * Against loops over neurons, written from sections 3.3 to 3.5 of the paper: Δx⁺ and Δx⁻ and their
 * multipliers are kept for each neuron, contributions are sorted by their sign one by one.
 */
class PaperTest {
  private static final Attributor ATTRIBUTOR =
      ServiceLoader.load(Attributor.class).findFirst().orElseThrow();

  /** w[i][j] from neuron i to neuron j, its bias, and the activation behind with its derivative. */
  private static final class Layer {
    final double[][] w;
    final double[] bias;
    final Op op;
    final DoubleUnaryOperator f;
    final DoubleUnaryOperator slope;

    Layer(double[][] w, double[] bias, Op op, DoubleUnaryOperator f, DoubleUnaryOperator slope) {
      this.w = w;
      this.bias = bias;
      this.op = op;
      this.f = f;
      this.slope = slope;
    }
  }

  static LongStream seeds() {
    return RandomGraphs.seeds(40);
  }

  private static Layer layer(SplittableRandom random, int in, int out, Op op) {
    double[][] w = new double[in][out];
    for (double[] row : w) {
      Arrays.setAll(row, j -> random.nextGaussian() * 0.7);
    }
    double[] bias = random.doubles(out, -1, 1).toArray();
    DoubleUnaryOperator f =
        op instanceof Composite.Relu
            ? z -> Math.max(z, 0)
            : op instanceof Composite.Softplus ? z -> Math.log1p(Math.exp(z)) : Math::tanh;
    DoubleUnaryOperator slope =
        op instanceof Composite.Relu
            ? z -> z > 0 ? 1 : 0
            : op instanceof Composite.Softplus
                ? z -> 1 / (1 + Math.exp(-z))
                : z -> 1 - Math.tanh(z) * Math.tanh(z);
    return new Layer(w, bias, op, f, slope);
  }

  private static Layer[] layers(SplittableRandom random) {
    return new Layer[] {
      layer(random, 6, 9, new Composite.Relu()),
      layer(random, 9, 7, new Primitive.Unary(UnaryFunction.TANH)),
      layer(random, 7, 8, new Composite.Relu()),
      layer(random, 8, 1, new Composite.Softplus())
    };
  }

  private static Model model(Layer... layers) {
    return TestModels.of(
        "dense",
        Shape.of(layers[0].w.length),
        1,
        (b, x) -> {
          Value h = x;
          for (Layer layer : layers) {
            int out = layer.bias.length;
            double[] w = Arrays.stream(layer.w).flatMapToDouble(Arrays::stream).toArray();
            Value weights = b.constant(Tensor.of(Shape.of(layer.w.length, out), w));
            Value bias = b.constant(Tensor.of(Shape.of(out), layer.bias));
            Composite gemm = new Composite.Gemm(1, 1, false, false);
            h = b.apply(layer.op, b.apply(gemm, h, weights, bias));
          }
          return h;
        });
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void denseLayers(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Layer[] layers = layers(random);
    Tensor x = TestModels.normal(random, Shape.of(1, 6), 1);
    Tensor from = TestModels.normal(random, Shape.of(1, 6), 1);
    for (Rule rule : new Rule[] {Rule.RESCALE, Rule.REVEAL_CANCEL, Rule.RECOMMENDED}) {
      double[] expected = contributions(layers, x.toDoubles(), from.toDoubles(), rule);
      AttributionRequest request =
          AttributionRequest.of(model(layers), x, "deeplift")
              .withBaseline(new Baseline.Given(from, "drawn"))
              .withBackend("reference")
              .withOption("rule", rule.name());
      double[] actual = ATTRIBUTOR.attribute(request).value().toDoubles();
      assertArrayEquals(expected, actual, 1e-9, "seed " + seed + ", " + rule);
    }
  }

  private static double[] contributions(Layer[] layers, double[] x, double[] from, Rule rule) {
    double[][] at = new double[layers.length + 1][];
    double[][] reference = new double[layers.length + 1][];
    at[0] = x;
    reference[0] = from;
    for (int l = 0; l < layers.length; l++) {
      at[l + 1] = forward(layers[l], at[l]);
      reference[l + 1] = forward(layers[l], reference[l]);
    }
    double[] m = {1};
    for (int l = layers.length - 1; l >= 0; l--) {
      m = back(layers[l], at[l], reference[l], m, rule);
    }
    double[] result = new double[x.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = m[i] * (x[i] - from[i]);
    }
    return result;
  }

  private static double sum(Layer layer, double[] x, int j) {
    double z = layer.bias[j];
    for (int i = 0; i < x.length; i++) {
      z += layer.w[i][j] * x[i];
    }
    return z;
  }

  private static double[] forward(Layer layer, double[] x) {
    double[] y = new double[layer.bias.length];
    Arrays.setAll(y, j -> layer.f.applyAsDouble(sum(layer, x, j)));
    return y;
  }

  private static double[] back(Layer layer, double[] x, double[] from, double[] m, Rule rule) {
    double[] result = new double[x.length];
    for (int j = 0; j < m.length; j++) {
      double plus = 0;
      double minus = 0;
      for (int i = 0; i < x.length; i++) {
        double contribution = layer.w[i][j] * (x[i] - from[i]);
        plus += contribution > 0 ? contribution : 0;
        minus += contribution < 0 ? contribution : 0;
      }
      double z = sum(layer, from, j);
      double[] pair =
          rule == Rule.RESCALE
              ? rescale(layer.f, z, plus + minus)
              : revealCancel(layer, z, plus, minus);
      for (int i = 0; i < x.length; i++) {
        double contribution = layer.w[i][j] * (x[i] - from[i]);
        double multiplier =
            contribution > 0 ? pair[0] : contribution < 0 ? pair[1] : (pair[0] + pair[1]) / 2;
        result[i] += layer.w[i][j] * multiplier * m[j];
      }
    }
    return result;
  }

  private static double[] rescale(DoubleUnaryOperator f, double z, double change) {
    double multiplier = (f.applyAsDouble(z + change) - f.applyAsDouble(z)) / change;
    return new double[] {multiplier, multiplier};
  }

  private static double[] revealCancel(Layer layer, double z, double plus, double minus) {
    DoubleUnaryOperator f = layer.f;
    DoubleUnaryOperator slope = layer.slope;
    double none = f.applyAsDouble(z);
    double onlyPlus = f.applyAsDouble(z + plus);
    double onlyMinus = f.applyAsDouble(z + minus);
    double both = f.applyAsDouble(z + plus + minus);
    double up = ((onlyPlus - none) + (both - onlyMinus)) / 2;
    double down = ((onlyMinus - none) + (both - onlyPlus)) / 2;
    double first = slope.applyAsDouble(z);
    return new double[] {
      plus == 0 ? (first + slope.applyAsDouble(z + minus)) / 2 : up / plus,
      minus == 0 ? (first + slope.applyAsDouble(z + plus)) / 2 : down / minus
    };
  }

  /** Windows [1, 1, 5, 6] of 3 × 2 with steps of 2 × 1: by the definition, window by window. */
  @ParameterizedTest
  @MethodSource("seeds")
  void maxPooling(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Tensor x = TestModels.normal(random, Shape.of(1, 1, 5, 6), 1);
    Tensor from = TestModels.normal(random, Shape.of(1, 1, 5, 6), 1);
    Tensor weights = TestModels.normal(random, Shape.of(10, 1), 1);
    Window window = Window.of(3, 2).strides(2, 1);
    Model model =
        TestModels.of(
            "pooled",
            Shape.of(1, 5, 6),
            1,
            (b, v) -> {
              Value pooled = b.apply(new Composite.MaxPool(window), v);
              return b.matMul(
                  b.reshape(pooled, Shape.of(v.shape().dim(0), 10)), b.constant(weights));
            });
    double[] expected = pooled(x.toDoubles(), from.toDoubles(), weights.toDoubles());
    AttributionRequest request =
        AttributionRequest.of(model, x, "deeplift")
            .withBaseline(new Baseline.Given(from, "drawn"))
            .withBackend("reference");
    double[] actual = ATTRIBUTOR.attribute(request).value().toDoubles();
    assertArrayEquals(expected, actual, 1e-12, "seed " + seed);
  }

  private static double[] pooled(double[] x, double[] from, double[] m) {
    double[] result = new double[30];
    for (int row = 0; row < 2; row++) {
      for (int column = 0; column < 5; column++) {
        int best = greatest(x, row, column);
        int before = greatest(from, row, column);
        double cross = Math.max(x[best], from[before]);
        result[best] += m[5 * row + column] * (cross - from[before]);
        result[before] += m[5 * row + column] * (x[best] - cross);
      }
    }
    return result;
  }

  private static int greatest(double[] values, int row, int column) {
    int best = 12 * row + column;
    for (int k = 0; k < 6; k++) {
      int place = 12 * row + column + 6 * (k / 2) + k % 2;
      best = values[place] > values[best] ? place : best;
    }
    return best;
  }

  /** The softmax of two is a sigmoid of their difference, to which Rescale applies. */
  @ParameterizedTest
  @MethodSource("seeds")
  void softmaxOfTwoIsASigmoid(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Tensor x = TestModels.normal(random, Shape.of(1, 2), 2);
    Tensor from = TestModels.normal(random, Shape.of(1, 2), 2);
    Model model =
        TestModels.of(
            "softmax",
            Shape.of(2),
            1,
            (b, v) -> b.slice(b.apply(new Composite.Softmax(1), v), 1, 0, 1));
    AttributionRequest request =
        AttributionRequest.of(model, x, "deeplift")
            .withBaseline(new Baseline.Given(from, "drawn"))
            .withBackend("reference");
    double[] actual = ATTRIBUTOR.attribute(request).value().toDoubles();
    double z = x.get(0) - x.get(1);
    double z0 = from.get(0) - from.get(1);
    double slope = (1 / (1 + Math.exp(-z)) - 1 / (1 + Math.exp(-z0))) / (z - z0);
    double[] expected = {slope * (x.get(0) - from.get(0)), -slope * (x.get(1) - from.get(1))};
    assertArrayEquals(expected, actual, 1e-12, "seed " + seed);
  }
}
