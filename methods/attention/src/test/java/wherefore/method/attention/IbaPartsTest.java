package wherefore.method.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

/**
 * The parts on a transformer of one layer, five tokens and two heads, against the same network in
 * loops, its derivatives by finite differences and its integral by midpoints.
 */
class IbaPartsTest {
  private static final int TOKENS = 5;
  private static final int WIDTH = 4;
  private static final int HEADS = 2;
  private static final int EACH = WIDTH / HEADS;
  private static final int TARGET = 2;
  private static final double EPSILON = 1e-5;

  /** The bias terms in order: of positions, queries, keys, values, the mix, norm, dense layers. */
  private static final List<String> BIASES =
      List.of("position", "q", "k", "v", "o", "shift", "f1", "f2");

  private static Tensor weight(String name, int rows, int columns) {
    SplittableRandom random = new SplittableRandom(name.hashCode());
    return TestModels.normal(random, Shape.of(rows, columns), 0.5);
  }

  private static Tensor matrix(String name) {
    return weight("matrix " + name, WIDTH, WIDTH);
  }

  /** One row, or of positions one for each token. */
  private static Tensor bias(String name) {
    return weight("bias " + name, name.equals("position") ? TOKENS : 1, WIDTH);
  }

  private static final Tensor SCALE = weight("scale", 1, WIDTH);
  private static final Tensor OUT = weight("out", WIDTH, 3);
  private static final Tensor LAST = weight("last", 1, 3);

  /**
   * @param biased false for no biases at all
   * @param whole false for a normalisation and a GELU that are written out
   */
  private static Model transformer(boolean biased, boolean whole) {
    return TestModels.of(
        "transformer",
        Shape.of(TOKENS, WIDTH),
        3,
        (b, x) -> {
          Value h = plus(b.at("position"), x, "position", biased);
          Value q = heads(b, dense(b, h, "q", biased));
          Value k = heads(b, dense(b, h, "k", biased));
          Value v = heads(b, dense(b, h, "v", biased));
          Value scores = b.mul(b.matMul(q, b.transpose(k, List.of(0, 1, 3, 2))), 1 / root());
          Value mix = b.matMul(b.at("softmax").apply(new Composite.Softmax(3), scores), v);
          Value mixed = b.reshape(b.transpose(mix, List.of(0, 2, 1, 3)), x.shape());
          Value r = b.add(h, dense(b, mixed, "o", biased));
          Value n = norm(b.at("norm"), r, biased, whole);
          Value f = dense(b, gelu(b, dense(b, n, "f1", biased), whole), "f2", biased);
          Value mean = b.mul(b.sum(b.add(r, f), List.of(1)), 1.0 / TOKENS);
          Value flat = b.reshape(mean, Shape.of(x.shape().dim(0), WIDTH));
          Value y = b.at("head").matMul(flat, b.constant(OUT));
          return biased ? b.add(y, b.constant(LAST)) : y;
        });
  }

  private static double root() {
    return Math.sqrt(EACH);
  }

  private static Value dense(GraphBuilder b, Value x, String name, boolean biased) {
    return plus(b, b.at(name).matMul(x, b.constant(matrix(name))), name, biased);
  }

  /** What is added is here also what is taken away, for once. */
  private static Value plus(GraphBuilder b, Value x, String name, boolean biased) {
    if (!biased) {
      return x;
    }
    return name.equals("v")
        ? b.sub(x, b.constant(bias(name).zip(bias(name), (v, w) -> -v)))
        : b.add(x, b.constant(bias(name)));
  }

  private static Value heads(GraphBuilder b, Value x) {
    Shape four = Shape.of(x.shape().dim(0), TOKENS, HEADS, EACH);
    return b.transpose(b.reshape(x, four), List.of(0, 2, 1, 3));
  }

  private static Value norm(GraphBuilder b, Value x, boolean biased, boolean whole) {
    Shape row = Shape.of(WIDTH);
    Value scale = b.reshape(b.constant(SCALE), row);
    if (whole) {
      Composite.LayerNormalization norm = new Composite.LayerNormalization(2, EPSILON);
      return biased
          ? b.apply(norm, x, scale, b.reshape(b.constant(bias("shift")), row))
          : b.apply(norm, x, scale);
    }
    Value centred = b.sub(x, b.mul(b.sum(x, List.of(2)), 1.0 / WIDTH));
    Value variance = b.mul(b.sum(b.mul(centred, centred), List.of(2)), 1.0 / WIDTH);
    Value deviation = b.unary(UnaryFunction.SQRT, b.add(variance, EPSILON));
    return plus(b, b.mul(b.div(centred, deviation), scale), "shift", biased);
  }

  private static Value gelu(GraphBuilder b, Value x, boolean whole) {
    if (whole) {
      return b.apply(new Composite.Gelu(true), x);
    }
    Value cubic = b.mul(b.binary(BinaryFunction.POW, x, 3), 0.044715);
    Value tanh = b.unary(UnaryFunction.TANH, b.mul(b.add(x, cubic), Math.sqrt(2 / Math.PI)));
    return b.mul(b.mul(x, b.add(tanh, 1)), 0.5);
  }

  // --- the same in loops -----------------------------------------------------------------------

  /** What is added at each place, [bias][token · channel], and at last to the outputs. */
  private static double[][] added() {
    double[][] added = new double[BIASES.size() + 1][TOKENS * WIDTH];
    for (int k = 0; k < BIASES.size(); k++) {
      Tensor bias = bias(BIASES.get(k));
      int number = k;
      Arrays.setAll(added[k], i -> bias.get(i % bias.size()));
      assertTrue(added[number].length % bias.size() == 0);
    }
    added[BIASES.size()] = LAST.toDoubles();
    return added;
  }

  private static double[] plus(double[] x, double[] y) {
    return IntStream.range(0, x.length).mapToDouble(i -> x[i] + y[i]).toArray();
  }

  private static double[] times(double[] x, Tensor w) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      for (int k = 0; k < WIDTH; k++) {
        y[i] += x[i / WIDTH * WIDTH + k] * w.get(k * WIDTH + i % WIDTH);
      }
    }
    return y;
  }

  private static double[] dense(double[] x, String name, double[][] added) {
    return plus(times(x, matrix(name)), added[BIASES.indexOf(name)]);
  }

  /** [head][query][key]. */
  private static double[][][] attention(double[] h, double[][] added) {
    double[] q = dense(h, "q", added);
    double[] k = dense(h, "k", added);
    double[][][] a = new double[HEADS][TOKENS][TOKENS];
    for (int head = 0; head < HEADS; head++) {
      for (int t = 0; t < TOKENS; t++) {
        double sum = 0;
        for (int s = 0; s < TOKENS; s++) {
          double dot = 0;
          for (int e = head * EACH; e < (head + 1) * EACH; e++) {
            dot += q[t * WIDTH + e] * k[s * WIDTH + e];
          }
          a[head][t][s] = Math.exp(dot / root());
          sum += a[head][t][s];
        }
        for (int s = 0; s < TOKENS; s++) {
          a[head][t][s] /= sum;
        }
      }
    }
    return a;
  }

  private static double f(double[] x, double[][] added) {
    double[] h = plus(x, added[0]);
    double[][][] a = attention(h, added);
    double[] v = dense(h, "v", added);
    double[] mixed = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      for (int s = 0; s < TOKENS; s++) {
        mixed[i] += a[i % WIDTH / EACH][i / WIDTH][s] * v[s * WIDTH + i % WIDTH];
      }
    }
    double[] r = plus(h, dense(mixed, "o", added));
    double[] hidden = dense(normed(r, added), "f1", added);
    for (int i = 0; i < hidden.length; i++) {
      double z = hidden[i];
      hidden[i] = z / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z)));
    }
    double[] end = plus(r, dense(hidden, "f2", added));
    double y = added[BIASES.size()][TARGET];
    for (int i = 0; i < end.length; i++) {
      y += end[i] / TOKENS * OUT.get(i % WIDTH * 3 + TARGET);
    }
    return y;
  }

  private static double[] normed(double[] r, double[][] added) {
    double[] n = new double[r.length];
    for (int t = 0; t < TOKENS; t++) {
      double[] row = Arrays.copyOfRange(r, t * WIDTH, (t + 1) * WIDTH);
      double mean = Arrays.stream(row).average().orElseThrow();
      double variance =
          Arrays.stream(row).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      for (int c = 0; c < WIDTH; c++) {
        n[t * WIDTH + c] = SCALE.get(c) * (row[c] - mean) / Math.sqrt(variance + EPSILON);
      }
    }
    return plus(n, added[BIASES.indexOf("shift")]);
  }

  private static double slope(double[] at, int i, DoubleSupplier f) {
    double kept = at[i];
    double step = 1e-5;
    at[i] = kept + step;
    double above = f.getAsDouble();
    at[i] = kept - step;
    double below = f.getAsDouble();
    at[i] = kept;
    return (above - below) / (2 * step);
  }

  /** Σ over the token's elements, magnitude, of the integral by many midpoints. */
  private static double[] integrated(double[] x) {
    int points = 2000;
    double[] sums = new double[TOKENS];
    for (int p = 0; p < points; p++) {
      double alpha = (p + 0.5) / points;
      double[] at = Arrays.stream(x).map(v -> alpha * v).toArray();
      for (int i = 0; i < x.length; i++) {
        sums[i / WIDTH] += x[i] * slope(at, i, () -> f(at, added())) / points;
      }
    }
    return Arrays.stream(sums).map(Math::abs).toArray();
  }

  private static double[] shares(double[] values) {
    double sum = Arrays.stream(values).sum();
    return Arrays.stream(values).map(v -> v / sum).toArray();
  }

  // --- what is asked ---------------------------------------------------------------------------

  private static Attribution ask(AttributionRequest request) {
    return ServiceLoader.load(Attributor.class).findFirst().orElseThrow().attribute(request);
  }

  private static AttributionRequest request(Model model) {
    return AttributionRequest.of(model, TestModels.example(model, 7), "iba-score")
        .withBaseline(new Baseline.Zero())
        .withTarget(Target.of(TARGET));
  }

  private static double fact(Attribution a, String name) {
    return Objects.requireNonNull(a.facts().get(name), () -> name + " of " + a.facts());
  }

  private static double[] part(Attribution a, String name) {
    return IntStream.range(0, TOKENS).mapToDouble(t -> fact(a, name + " " + t)).toArray();
  }

  /** The sums over each token's elements, which must be equal. */
  private static double[] tokens(Attribution a) {
    double[] values = a.value().toDoubles();
    double[] sums = new double[TOKENS];
    for (int i = 0; i < values.length; i++) {
      sums[i / WIDTH] += values[i];
      assertEquals(values[i / WIDTH * WIDTH], values[i]);
    }
    return sums;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void biasesAreDerivativesAtEachTokenTimesWhatIsAdded(boolean whole) {
    Model model = transformer(true, whole);
    double[] x = TestModels.example(model, 7).toDoubles();
    double[][] added = added();
    double[] expected = new double[TOKENS];
    double sum = 0;
    for (int k = 0; k < BIASES.size(); k++) {
      for (int i = 0; i < added[k].length; i++) {
        double term = slope(added[k], i, () -> f(x, added)) * added[k][i];
        expected[i / WIDTH] += Math.abs(term);
        sum += term;
      }
    }
    double product = 0;
    for (int i = 0; i < x.length; i++) {
      product += slope(x, i, () -> f(x, added)) * x[i];
    }
    Attribution found = ask(request(model));
    double last = LAST.get(TARGET);
    assertEquals(Arrays.stream(expected).sum(), fact(found, "total bias"), 1e-7);
    assertArrayEquals(shares(expected), part(found, "bias"), 1e-8);
    assertEquals(BIASES.size() + 1, fact(found, "biases"));
    assertEquals(BIASES.size(), fact(found, "biases-by-token"));
    assertEquals(Math.abs(last), fact(found, "bias elsewhere"), 1e-12);
    assertEquals(sum + last, fact(found, "bias-terms"), 1e-7);
    assertEquals(product, fact(found, "gradient-x-input"), 1e-7);
    assertEquals(f(x, added), fact(found, "output"), 1e-12);
    assertEquals(f(x, added) - product - sum - last, fact(found, "unexplained"), 2e-7);
    assertTrue(Math.abs(fact(found, "unexplained")) > 1e-3, "a transformer is not linear");
  }

  @Test
  void integratedGradientsAreSummedByToken() {
    Model model = transformer(true, true);
    double[] expected = integrated(TestModels.example(model, 7).toDoubles());
    Attribution found = ask(request(model).withOption("steps", 100));
    assertEquals(Arrays.stream(expected).sum(), fact(found, "total integrated-gradients"), 1e-5);
    assertArrayEquals(shares(expected), part(found, "integrated-gradients"), 1e-5);
    assertEquals(0, fact(found, "residual"), 1e-6);
    assertEquals(100, fact(found, "steps"));
  }

  @Test
  void attentionIsTheColumnsMean() {
    Model model = transformer(true, true);
    double[][] added = added();
    double[] h = plus(TestModels.example(model, 7).toDoubles(), added[0]);
    double[] mean = new double[TOKENS];
    double[] first = new double[TOKENS];
    double[] rolled = new double[TOKENS];
    for (double[][] head : attention(h, added)) {
      for (int t = 0; t < TOKENS; t++) {
        for (int s = 0; s < TOKENS; s++) {
          mean[s] += head[t][s] / HEADS / TOKENS;
          first[s] += t == 0 ? head[t][s] / HEADS : 0;
        }
      }
    }
    Arrays.setAll(rolled, s -> (mean[s] + 1.0 / TOKENS) / 2);
    assertArrayEquals(mean, part(ask(request(model)), "attention"), 1e-12);
    assertArrayEquals(first, part(ask(request(model).withOption("query", 0)), "attention"), 1e-12);
    assertArrayEquals(
        rolled, part(ask(request(model).withOption("attention", "rollout")), "attention"), 1e-12);
  }

  @Test
  void theScoreIsTheWeightedSumOfTheParts() {
    Model model = transformer(true, true);
    Attribution equal = ask(request(model));
    assertScore(equal, 1 / 3.0, 1 / 3.0, 1 / 3.0);
    Attribution weighted =
        ask(
            request(model)
                .withOption("gradient-weight", 1)
                .withOption("attention-weight", 0.5)
                .withOption("bias-weight", 2.5));
    assertScore(weighted, 0.25, 0.125, 0.625);
    Attribution alone =
        ask(request(model).withOption("gradient-weight", 0).withOption("bias-weight", 0));
    assertScore(alone, 0, 1, 0);
    assertArrayEquals(part(equal, "attention"), tokens(alone), 1e-15);
  }

  private static void assertScore(Attribution a, double gradients, double attention, double bias) {
    assertEquals(gradients, fact(a, "weight integrated-gradients"), 1e-15);
    assertEquals(attention, fact(a, "weight attention"), 1e-15);
    assertEquals(bias, fact(a, "weight bias"), 1e-15);
    double[] i = part(a, "integrated-gradients");
    double[] w = part(a, "attention");
    double[] b = part(a, "bias");
    double[] expected = new double[TOKENS];
    Arrays.setAll(expected, t -> gradients * i[t] + attention * w[t] + bias * b[t]);
    assertArrayEquals(expected, tokens(a), 1e-14);
    assertEquals(1, a.sum(), 1e-14);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aPartThatIsZeroLeavesItsWeightToTheOthers(boolean whole) {
    Attribution a = ask(request(transformer(false, whole)).withOption("gradient-weight", 3));
    assertEquals(0, fact(a, "biases"));
    assertEquals(0, fact(a, "total bias"));
    assertScore(a, 0.75, 0.25, 0);
    Model model = transformer(true, true);
    Baseline itself = new Baseline.Given(TestModels.example(model, 7), "the input");
    assertScore(ask(request(model).withBaseline(itself)), 0, 0.5, 0.5);
  }

  @Test
  void severalBaselinesGiveTheMean() {
    Model model = transformer(true, true);
    Tensor one = TestModels.example(model, 20);
    Tensor other = TestModels.example(model, 21);
    Tensor both = Tensor.concatRows(List.of(one, other));
    Attribution mean = ask(request(model).withBaseline(new Baseline.Given(both, "both")));
    assertEquals(100, fact(mean, "steps"));
    assertEquals(0, fact(mean, "residual"), 1e-6);
    assertScore(mean, 1 / 3.0, 1 / 3.0, 1 / 3.0);
  }

  @Test
  void asManyTokensAreTold() {
    Attribution all = ask(request(transformer(true, true)));
    Attribution two = ask(request(transformer(true, true)).withOption("shown", 2));
    double[] scores = tokens(all);
    List<String> best =
        IntStream.range(0, TOKENS)
            .filter(t -> Arrays.stream(scores).filter(s -> s > scores[t]).count() < 2)
            .mapToObj(t -> "bias " + t)
            .toList();
    assertEquals(best, two.facts().keySet().stream().filter(n -> n.matches("bias \\d")).toList());
    assertEquals(all.value(), two.value());
  }

  @Test
  void refusals() {
    Model model = transformer(true, true);
    assertEquals(
        "iba-score: model perceptron has no attention: none of its 1 softmaxes is a softmax over"
            + " the last axis between two matrix products of computed values",
        refusal(request(TestModels.perceptron())));
    for (String part : List.of("gradient", "attention", "bias")) {
      assertEquals(
          "iba-score: option %s-weight is -1.0; it must be a number from 0 to 1000000"
              .formatted(part),
          refusal(request(model).withOption(part + "-weight", -1)));
    }
    AttributionRequest biasAlone =
        request(transformer(false, true))
            .withOption("gradient-weight", 0)
            .withOption("attention-weight", 0);
    assertEquals(
        "iba-score: only bias-weight is more than 0, and none of the 0 bias terms of model"
            + " transformer has a row for each of the 5 tokens; give another part a weight",
        refusal(biasAlone));
    assertEquals(
        "iba-score: options gradient-weight, attention-weight and bias-weight are all 0; at least"
            + " one must be more",
        refusal(biasAlone.withOption("bias-weight", 0)));
  }

  private static String refusal(AttributionRequest request) {
    return String.valueOf(
        assertThrows(AttributionException.class, () -> ask(request)).getMessage());
  }
}
