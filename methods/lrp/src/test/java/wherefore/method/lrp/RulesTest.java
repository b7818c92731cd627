package wherefore.method.lrp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Target;
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

/** Rules, and how relevance finds its way through networks, against loops over the formulas. */
class RulesTest {
  private static final Loops FIRST = Loops.random(1, 5, 6, 0.3);
  private static final Loops SECOND = Loops.random(2, 6, 3, 0.3);
  private static final double[] X = {0.8, -1.1, 0.3, 1.7, -0.4};
  private static final int TARGET = 1;

  private static Attribution explain(Model model, double[] x, String... options) {
    Attributor attributor = ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
    Shape row = shape(model);
    AttributionRequest request =
        AttributionRequest.of(model, Tensor.of(row, x), "lrp").withTarget(Target.of(TARGET));
    for (String option : options) {
      String[] parts = option.split(":", 2);
      request = request.withOption(parts[0], parts[1]);
    }
    return attributor.attribute(request);
  }

  private static Shape shape(Model model) {
    return Shape.of(
        model.inputs().get(0).axes().stream().mapToInt(a -> a.isFree() ? 1 : a.extent()).toArray());
  }

  private static Value dense(GraphBuilder b, String name, Value x, Loops layer) {
    b.at(name);
    Composite.Gemm gemm = new Composite.Gemm(1, 1, false, false);
    return b.apply(gemm, x, b.constant(layer.weights()), b.constant(layer.biases()));
  }

  private static Model chain() {
    return TestModels.of(
        "chain",
        Shape.of(5),
        3,
        (b, x) ->
            dense(b, "head", b.unary(UnaryFunction.TANH, dense(b, "body", x, FIRST)), SECOND));
  }

  private static double[] tanh(double[] z) {
    return Arrays.stream(z).map(Math::tanh).toArray();
  }

  /** z at the target, 0 elsewhere. */
  private static double[] seed(double[] z) {
    double[] seed = new double[z.length];
    seed[TARGET] = z[TARGET];
    return seed;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyRuleIsItsFormula(Rule rule) {
    double[] h = tanh(FIRST.z(X));
    String name = rule.name().toLowerCase(Locale.ROOT).replace('_', '-');
    double[] found = explain(chain(), X, "rule:" + name).value().toDoubles();
    // z-box takes the input's own range for every layer
    double[] middle =
        rule == Rule.Z_BOX
            ? boxed(SECOND, h, seed(SECOND.z(h)))
            : SECOND.back(rule, h, seed(SECOND.z(h)));
    assertArrayEquals(FIRST.back(rule, X, middle), found, 1e-12);
  }

  private static double[] boxed(Loops layer, double[] h, double[] r) {
    double[] shares = new double[h.length];
    for (int o = 0; o < r.length; o++) {
      double d = 0;
      double[] parts = new double[h.length];
      for (int i = 0; i < h.length; i++) {
        double w = layer.w()[i][o];
        parts[i] = h[i] * w + 1.1 * Math.max(w, 0) - 1.7 * Math.min(w, 0);
        d += parts[i];
      }
      for (int i = 0; i < h.length; i++) {
        shares[i] += parts[i] * r[o] / Loops.stable(d);
      }
    }
    return shares;
  }

  @Test
  void rulesByNameComeFirstAndTheFirstThatFitsCounts() {
    double[] h = tanh(FIRST.z(X));
    double[] middle = SECOND.back(Rule.GAMMA, h, seed(SECOND.z(h)));
    double[] expected = FIRST.back(Rule.W_SQUARE, X, middle);
    for (String rules :
        List.of(
            "head=gamma(0.25),body=w-square",
            "h*=gamma,gemm=w-square",
            "head=gamma, *=w-square, body=flat")) {
      double[] found = explain(chain(), X, "rules:" + rules, "rule:flat").value().toDoubles();
      assertArrayEquals(expected, found, 1e-12, rules);
    }
  }

  @Test
  void rulesThatAreNone() {
    assertEquals(
        "rules 'head=sum': no rule is called sum; accepted: PATTERN=RULE or"
            + " PATTERN=RULE(NUMBER;NUMBER), separated by commas, with rules [epsilon, z-plus,"
            + " alpha-beta, gamma, w-square, flat, z-box]",
        refusal("rules:head=sum"));
    assertTrue(refusal("rules:head").startsWith("rules 'head': at 'head'; accepted"));
    assertTrue(refusal("rules:head=gamma(x)").contains("'x' is no number"));
    assertEquals(
        "alpha 2.0 and beta 0.5: alpha - beta must be 1, or relevance is not conserved",
        refusal("beta:0.5"));
  }

  private static String refusal(String option) {
    return String.valueOf(
        assertThrows(AttributionException.class, () -> explain(chain(), X, option)).getMessage());
  }

  @Test
  void theLedgerAccountsForAllRelevance() {
    Attribution a = explain(chain(), X, "rule:epsilon", "ledger:true");
    double[] h = tanh(FIRST.z(X));
    double[] top = seed(SECOND.z(h));
    double[] middle = SECOND.back(Rule.EPSILON, h, top);
    assertEquals(top[TARGET], fact(a, "received head"), 1e-12);
    assertEquals(Arrays.stream(middle).sum(), fact(a, "passed head"), 1e-12);
    assertEquals(SECOND.toBias(h, top), fact(a, "to bias head"), 1e-12);
    assertEquals(fact(a, "passed head"), fact(a, "received body"), 1e-12);
    assertEquals(FIRST.toBias(X, middle), fact(a, "to bias body"), 1e-12);
    assertEquals(a.sum(), fact(a, "passed body"), 1e-12);
    double lost =
        fact(a, "received body")
            - fact(a, "passed body")
            - fact(a, "to bias body")
            + (fact(a, "received head") - fact(a, "passed head") - fact(a, "to bias head"));
    assertTrue(lost != 0 && Math.abs(lost) < 1e-4, "to the stabilisers: " + lost);
  }

  private static double fact(Attribution a, String name) {
    return Objects.requireNonNull(a.facts().get(name), name);
  }

  /** y = dense(relu(x w) + x): the sum's two terms share by what they are. */
  @Test
  void aResidualSumSharesByContribution() {
    Loops square = Loops.random(3, 5, 5, 0.2);
    Loops head = Loops.random(4, 5, 3, 0.2);
    Model model =
        TestModels.of(
            "residual",
            Shape.of(5),
            3,
            (b, x) -> {
              Value r = b.apply(new Composite.Relu(), dense(b, "body", x, square));
              return dense(b, "head", b.at("sum").add(r, x), head);
            });
    double[] r = Arrays.stream(square.z(X)).map(z -> Math.max(z, 0)).toArray();
    double[] sum = new double[5];
    Arrays.setAll(sum, i -> r[i] + X[i]);
    double[] arriving = head.back(Rule.EPSILON, sum, seed(head.z(sum)));
    double[] branch = new double[5];
    double[] expected = new double[5];
    for (int i = 0; i < 5; i++) {
      branch[i] = r[i] * arriving[i] / Loops.stable(sum[i]);
      expected[i] = X[i] * arriving[i] / Loops.stable(sum[i]);
    }
    double[] through = square.back(Rule.EPSILON, X, branch);
    Arrays.setAll(expected, i -> expected[i] + through[i]);
    assertArrayEquals(expected, explain(model, X).value().toDoubles(), 1e-12);
  }

  /** A layer that is used twice, by two halves: each use has its own relevance. */
  @Test
  void sharedLayersAndConcatenation() {
    Loops shared = Loops.random(5, 2, 3, 0.2);
    Loops head = Loops.random(6, 6, 3, 0.2);
    Model model =
        TestModels.of(
            "siamese",
            Shape.of(4),
            3,
            (b, x) -> {
              Value w = b.constant(shared.weights());
              Value c = b.constant(shared.biases());
              Composite.Gemm gemm = new Composite.Gemm(1, 1, false, false);
              Value left = b.at("twin").apply(gemm, b.slice(x, 1, 0, 2), w, c);
              Value right = b.at("twin").apply(gemm, b.slice(x, 1, 2, 4), w, c);
              Value both = b.concat(1, List.of(left, right));
              return dense(b, "head", b.apply(new Composite.Relu(), both), head);
            });
    double[] x = {0.5, -1, 2, 0.7};
    double[] left = Arrays.copyOf(x, 2);
    double[] right = Arrays.copyOfRange(x, 2, 4);
    double[] h = new double[6];
    Arrays.setAll(h, i -> Math.max(0, i < 3 ? shared.z(left)[i] : shared.z(right)[i - 3]));
    double[] r = head.back(Rule.EPSILON, h, seed(head.z(h)));
    double[] expected = new double[4];
    for (Rule rule : List.of(Rule.EPSILON, Rule.FLAT)) {
      double[] one = shared.back(rule, left, Arrays.copyOf(r, 3));
      double[] two = shared.back(rule, right, Arrays.copyOfRange(r, 3, 6));
      Arrays.setAll(expected, i -> i < 2 ? one[i] : two[i - 2]);
      String[] options =
          rule == Rule.FLAT ? new String[] {"composite:epsilon-plus-flat"} : new String[0];
      // both uses come first in data flow, so both are flat
      assertArrayEquals(expected, explain(model, x, options).value().toDoubles(), 1e-12);
    }
  }

  private static final Loops U = Loops.random(7, 5, 6, 0.2);
  private static final Loops V = Loops.random(8, 5, 6, 0.2);

  /** y = dense(σ(x u) ⊙ tanh(x v)). */
  private static Model product(UnaryFunction function) {
    return TestModels.of(
        "product",
        Shape.of(5),
        3,
        (b, x) -> {
          Value first = b.unary(function, dense(b, "first", x, U));
          Value second = b.unary(UnaryFunction.TANH, dense(b, "second", x, V));
          return dense(b, "head", b.mul(second, first), SECOND);
        });
  }

  /** Of a sigmoid and a signal the gate gets none (Arras 2017). */
  @Test
  void aGateGetsNoneTheSignalAll() {
    double[] gate = sigmoid(U.z(X));
    double[] h = tanh(V.z(X));
    Arrays.setAll(h, i -> h[i] * gate[i]);
    double[] expected = V.back(Rule.EPSILON, X, SECOND.back(Rule.EPSILON, h, seed(SECOND.z(h))));
    double[] found = explain(product(UnaryFunction.SIGMOID), X).value().toDoubles();
    assertArrayEquals(expected, found, 1e-12);
  }

  /** Of two signals neither is a gate: each gets half (Achtibat 2024). */
  @Test
  void twoSignalsShareHalfAndHalf() {
    double[] product = tanh(U.z(X));
    double[] two = tanh(V.z(X));
    Arrays.setAll(product, i -> product[i] * two[i]);
    double[] half = SECOND.back(Rule.EPSILON, product, seed(SECOND.z(product)));
    // the norm rule's stabiliser, of half a product each
    Arrays.setAll(half, i -> half[i] / 2 * product[i] / Loops.stable(product[i]));
    double[] first = U.back(Rule.EPSILON, X, half);
    double[] second = V.back(Rule.EPSILON, X, half);
    double[] expected = new double[5];
    Arrays.setAll(expected, i -> first[i] + second[i]);
    double[] found = explain(product(UnaryFunction.TANH), X).value().toDoubles();
    assertArrayEquals(expected, found, 1e-12);
  }

  /** Two steps of an LSTM; the gates get none, the cell's sum shares by contribution. */
  @Test
  void anLstmByItsCells() {
    int size = 2;
    Loops[] gates = new Loops[4]; // input, forget, output, cell: of [x_t, h]
    for (int g = 0; g < 4; g++) {
      gates[g] = Loops.random(20 + g, 2 + size, size, 0.2);
    }
    Loops head = Loops.random(30, size, 3, 0.2);
    Model model =
        TestModels.of(
            "lstm",
            Shape.of(4),
            3,
            (b, x) -> {
              int n = x.shape().dim(0);
              Value h = b.constant(Tensor.of(Shape.of(1, size), 0.1, -0.2));
              Value c = b.constant(Tensor.of(Shape.of(1, size), 0.0, 0));
              h = b.expand(h, Shape.of(n, size));
              c = b.expand(c, Shape.of(n, size));
              for (int t = 0; t < 2; t++) {
                Value in = b.concat(1, List.of(b.slice(x, 1, 2 * t, 2 * t + 2), h));
                Value i = b.unary(UnaryFunction.SIGMOID, dense(b, "i" + t, in, gates[0]));
                Value f = b.unary(UnaryFunction.SIGMOID, dense(b, "f" + t, in, gates[1]));
                Value o = b.unary(UnaryFunction.SIGMOID, dense(b, "o" + t, in, gates[2]));
                Value g = b.unary(UnaryFunction.TANH, dense(b, "g" + t, in, gates[3]));
                c = b.add(b.mul(f, c), b.mul(i, g));
                h = b.mul(o, b.unary(UnaryFunction.TANH, c));
              }
              return dense(b, "head", h, head);
            });
    double[] x = {0.9, -0.6, 0.4, 1.2};
    assertArrayEquals(lstm(x, gates, head), explain(model, x).value().toDoubles(), 1e-12);
  }

  private static double[] sigmoid(double[] z) {
    return Arrays.stream(z).map(v -> 1 / (1 + Math.exp(-v))).toArray();
  }

  private static double[] lstm(double[] x, Loops[] gates, Loops head) {
    double[][] in = new double[2][];
    double[][] kept = new double[2][2];
    double[][] added = new double[2][2];
    double[] h = {0.1, -0.2};
    double[] c = {0, 0};
    for (int t = 0; t < 2; t++) {
      in[t] = new double[] {x[2 * t], x[2 * t + 1], h[0], h[1]};
      double[] i = sigmoid(gates[0].z(in[t]));
      double[] f = sigmoid(gates[1].z(in[t]));
      double[] o = sigmoid(gates[2].z(in[t]));
      double[] g = tanh(gates[3].z(in[t]));
      for (int k = 0; k < 2; k++) {
        kept[t][k] = f[k] * c[k];
        added[t][k] = i[k] * g[k];
        c[k] = kept[t][k] + added[t][k];
        h[k] = o[k] * Math.tanh(c[k]);
      }
    }
    double[] onH = head.back(Rule.EPSILON, h, seed(head.z(h)));
    double[] onC = new double[2];
    double[] expected = new double[4];
    for (int t = 1; t >= 0; t--) {
      double[] toCell = new double[2];
      for (int k = 0; k < 2; k++) {
        double all = onC[k] + onH[k];
        double sum = Loops.stable(kept[t][k] + added[t][k]);
        toCell[k] = added[t][k] * all / sum;
        onC[k] = kept[t][k] * all / sum;
      }
      double[] onIn = gates[3].back(Rule.EPSILON, in[t], toCell);
      expected[2 * t] = onIn[0];
      expected[2 * t + 1] = onIn[1];
      onH = new double[] {onIn[2], onIn[3]};
    }
    return expected;
  }

  private static final int TOKENS = 3;
  private static final int WIDTH = 2;

  /** One head of attention over three tokens, then the mean (AttnLRP, Achtibat 2024). */
  @Test
  void attentionByItsProductsAndItsSoftmax() {
    Loops q = Loops.random(40, WIDTH, WIDTH, 0);
    Loops k = Loops.random(41, WIDTH, WIDTH, 0);
    Loops v = Loops.random(42, WIDTH, WIDTH, 0);
    Loops head = Loops.random(43, TOKENS * WIDTH, 3, 0.2);
    Model model =
        TestModels.of(
            "attention",
            Shape.of(TOKENS, WIDTH),
            3,
            (b, x) -> {
              Value queries = b.at("q").matMul(x, b.constant(q.weights()));
              Value keys = b.at("k").matMul(x, b.constant(k.weights()));
              Value values = b.at("v").matMul(x, b.constant(v.weights()));
              Value scores = b.matMul(queries, b.transpose(keys, List.of(0, 2, 1)));
              Value weights = b.apply(new Composite.Softmax(2), scores);
              Value mixed = b.matMul(weights, values);
              Value flat = b.reshape(mixed, Shape.of(x.shape().dim(0), TOKENS * WIDTH));
              return dense(b, "head", flat, head);
            });
    double[] x = {0.9, -0.6, 0.4, 1.2, -0.3, 0.8};
    assertArrayEquals(attention(x, q, k, v, head), explain(model, x).value().toDoubles(), 1e-12);
  }

  private static double[] token(double[] all, int t) {
    return Arrays.copyOfRange(all, t * WIDTH, (t + 1) * WIDTH);
  }

  private static double[] attention(double[] x, Loops q, Loops k, Loops v, Loops head) {
    double[][] s = new double[TOKENS][TOKENS];
    double[][] a = new double[TOKENS][TOKENS];
    double[] mixed = new double[TOKENS * WIDTH];
    for (int t = 0; t < TOKENS; t++) {
      double sum = 0;
      for (int u = 0; u < TOKENS; u++) {
        for (int e = 0; e < WIDTH; e++) {
          s[t][u] += q.z(token(x, t))[e] * k.z(token(x, u))[e];
        }
        sum += Math.exp(s[t][u]);
      }
      for (int u = 0; u < TOKENS; u++) {
        a[t][u] = Math.exp(s[t][u]) / sum;
        for (int e = 0; e < WIDTH; e++) {
          mixed[t * WIDTH + e] += a[t][u] * v.z(token(x, u))[e];
        }
      }
    }
    double[] onMixed = head.back(Rule.EPSILON, mixed, seed(head.z(mixed)));
    double[][] onA = new double[TOKENS][TOKENS];
    double[] onV = new double[TOKENS * WIDTH];
    double[] onQ = new double[TOKENS * WIDTH];
    double[] onK = new double[TOKENS * WIDTH];
    for (int t = 0; t < TOKENS; t++) {
      for (int u = 0; u < TOKENS; u++) {
        for (int e = 0; e < WIDTH; e++) {
          int at = t * WIDTH + e;
          double part = a[t][u] * v.z(token(x, u))[e] * onMixed[at] / Loops.stable(mixed[at]) / 2;
          onA[t][u] += part;
          onV[u * WIDTH + e] += part;
        }
      }
      double all = Arrays.stream(onA[t]).sum();
      for (int u = 0; u < TOKENS; u++) {
        double onS = s[t][u] * (onA[t][u] - a[t][u] * all);
        for (int e = 0; e < WIDTH; e++) {
          double part = q.z(token(x, t))[e] * k.z(token(x, u))[e] * onS / Loops.stable(s[t][u]) / 2;
          onQ[t * WIDTH + e] += part;
          onK[u * WIDTH + e] += part;
        }
      }
    }
    double[] expected = new double[TOKENS * WIDTH];
    for (int t = 0; t < TOKENS; t++) {
      double[] one = q.back(Rule.EPSILON, token(x, t), token(onQ, t));
      double[] two = k.back(Rule.EPSILON, token(x, t), token(onK, t));
      double[] three = v.back(Rule.EPSILON, token(x, t), token(onV, t));
      for (int e = 0; e < WIDTH; e++) {
        expected[t * WIDTH + e] = one[e] + two[e] + three[e];
      }
    }
    return expected;
  }

  /** Where a batch normalisation stands. */
  enum Side {
    BEFORE,
    BEHIND
  }

  /** A normalisation beside a convolution is the convolution with other weights and biases. */
  @ParameterizedTest
  @EnumSource
  void aNormalisationBelongsToItsNeighbour(Side side) {
    for (String rule : List.of("epsilon", "z-plus", "alpha-beta", "gamma", "w-square", "z-box")) {
      double[] x = TestModels.normal(new SplittableRandom(50), Shape.of(2, 5, 4), 1).toDoubles();
      double[] apart = explain(images(side, false), x, "rule:" + rule).value().toDoubles();
      double[] merged = explain(images(side, true), x, "rule:" + rule).value().toDoubles();
      assertArrayEquals(merged, apart, 1e-9, rule);
      assertTrue(Arrays.stream(apart).anyMatch(v -> v != 0), rule);
    }
  }

  /** Images [2, 5, 4], unpadded where the normalisation comes first, so that it can be merged. */
  private static Model images(Side side, boolean isMerged) {
    SplittableRandom random = new SplittableRandom(51);
    Tensor kernel = TestModels.normal(random, Shape.of(3, 2, 3, 3), 0.4);
    int channels = side == Side.BEFORE ? 2 : 3;
    Tensor scale = TestModels.normal(random, Shape.of(channels), 1);
    Tensor shift = TestModels.normal(random, Shape.of(channels), 1);
    Tensor mean = TestModels.normal(random, Shape.of(channels), 1);
    Tensor variance = Tensor.full(scale.type(), scale.shape(), 0.6);
    Tensor dense = TestModels.normal(random, Shape.of(3 * 3 * 2, 3), 0.4);
    double[] k = new double[channels];
    double[] c = new double[channels];
    for (int i = 0; i < channels; i++) {
      k[i] = scale.get(i) / Math.sqrt(0.6 + 1e-5);
      c[i] = shift.get(i) - mean.get(i) * k[i];
    }
    double[] w = kernel.toDoubles();
    double[] bias = new double[3];
    for (int i = 0; i < w.length; i++) {
      int out = i / 18;
      int in = i / 9 % 2;
      bias[out] += side == Side.BEFORE ? c[in] * w[i] : 0;
      w[i] *= k[side == Side.BEFORE ? in : out];
    }
    if (side == Side.BEHIND) {
      System.arraycopy(c, 0, bias, 0, 3);
    }
    Primitive.Conv conv = new Primitive.Conv(Window.of(3, 3), 1);
    Composite.BatchNormalization norm = new Composite.BatchNormalization(1e-5);
    return TestModels.of(
        "images",
        Shape.of(2, 5, 4),
        3,
        (b, x) -> {
          Value[] statistics = {
            b.constant(scale), b.constant(shift), b.constant(mean), b.constant(variance)
          };
          Value h;
          if (isMerged) {
            h = b.at("conv").apply(conv, x, b.constant(Tensor.of(kernel.shape(), w)));
            h = b.add(h, b.constant(Tensor.of(Shape.of(1, 3, 1, 1), bias)));
          } else if (side == Side.BEFORE) {
            h = b.at("norm").apply(norm, operands(x, statistics));
            h = b.at("conv").apply(conv, h, b.constant(kernel));
          } else {
            h = b.at("conv").apply(conv, x, b.constant(kernel));
            h = b.at("norm").apply(norm, operands(h, statistics));
          }
          h = b.at("relu").apply(new Composite.Relu(), h);
          Value flat = b.reshape(h, Shape.of(x.shape().dim(0), 18));
          return b.at("dense").matMul(flat, b.constant(dense));
        });
  }

  private static Value[] operands(Value x, Value[] statistics) {
    Value[] all = new Value[5];
    all[0] = x;
    System.arraycopy(statistics, 0, all, 1, 4);
    return all;
  }
}
