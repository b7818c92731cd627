package wherefore.method.attention;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
import wherefore.attribution.Variable;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.model.Intervention;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.TestModels;

/** On transformers of two layers, four tokens and two heads, against loops in plain Java. */
class AttentionTest {
  private static final int TOKENS = 4;
  private static final int WIDTH = 6;
  private static final int HEADS = 2;
  private static final int EACH = WIDTH / HEADS;

  /** How the heads lie. */
  enum Form {
    /** [rows, heads, tokens, tokens]. */
    APART,
    /** [rows · heads, tokens, tokens]. */
    FLAT
  }

  private static Tensor weight(int layer, int which) {
    return TestModels.normal(
        new SplittableRandom(10L * layer + which), Shape.of(WIDTH, WIDTH), 0.6);
  }

  private static final Tensor OUT =
      TestModels.normal(new SplittableRandom(99), Shape.of(WIDTH, 3), 1);

  private static Model transformer(Form form) {
    return TestModels.of(
        "transformer",
        Shape.of(TOKENS, WIDTH),
        3,
        (b, x) -> {
          Value h = layer(b, layer(b, x, 0, form), 1, form);
          Value mean = b.mul(b.sum(h, List.of(1)), 1.0 / TOKENS);
          b.at("head");
          return b.matMul(b.reshape(mean, Shape.of(x.shape().dim(0), WIDTH)), b.constant(OUT));
        });
  }

  private static Value layer(GraphBuilder b, Value x, int layer, Form form) {
    b.at("project" + layer);
    Value q = heads(b, b.matMul(x, b.constant(weight(layer, 1))), form);
    Value k = heads(b, b.matMul(x, b.constant(weight(layer, 2))), form);
    Value v = heads(b, b.matMul(x, b.constant(weight(layer, 3))), form);
    int rank = q.shape().rank();
    Value scores = b.matMul(q, b.transpose(k, rank == 4 ? List.of(0, 1, 3, 2) : List.of(0, 2, 1)));
    Value scaled = b.mul(scores, 1 / Math.sqrt(EACH));
    Value weights = b.at("attention" + layer).apply(new Composite.Softmax(rank - 1), scaled);
    b.at("mix" + layer);
    Value mixed = b.matMul(weights, v);
    int rows = x.shape().dim(0);
    Value four = b.reshape(mixed, Shape.of(rows, HEADS, TOKENS, EACH));
    return b.add(x, b.reshape(b.transpose(four, List.of(0, 2, 1, 3)), x.shape()));
  }

  private static Value heads(GraphBuilder b, Value x, Form form) {
    int rows = x.shape().dim(0);
    Value four = b.reshape(x, Shape.of(rows, TOKENS, HEADS, EACH));
    Value apart = b.transpose(four, List.of(0, 2, 1, 3));
    return form == Form.APART ? apart : b.reshape(apart, Shape.of(rows * HEADS, TOKENS, EACH));
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

  /** [head][query][key] of each layer, in loops. */
  private static double[][][][] loops(Tensor input) {
    double[][][][] all = new double[2][HEADS][TOKENS][TOKENS];
    double[] x = input.toDoubles();
    for (int layer = 0; layer < 2; layer++) {
      double[] q = times(x, weight(layer, 1));
      double[] k = times(x, weight(layer, 2));
      double[] v = times(x, weight(layer, 3));
      double[] next = x.clone();
      for (int h = 0; h < HEADS; h++) {
        for (int t = 0; t < TOKENS; t++) {
          double sum = 0;
          for (int s = 0; s < TOKENS; s++) {
            double dot = 0;
            for (int e = h * EACH; e < (h + 1) * EACH; e++) {
              dot += q[t * WIDTH + e] * k[s * WIDTH + e];
            }
            all[layer][h][t][s] = Math.exp(dot / Math.sqrt(EACH));
            sum += all[layer][h][t][s];
          }
          for (int s = 0; s < TOKENS; s++) {
            all[layer][h][t][s] /= sum;
            for (int e = h * EACH; e < (h + 1) * EACH; e++) {
              next[t * WIDTH + e] += all[layer][h][t][s] * v[s * WIDTH + e];
            }
          }
        }
      }
      x = next;
    }
    return all;
  }

  private static Attributor attributor() {
    return ServiceLoader.load(Attributor.class).findFirst().orElseThrow();
  }

  private static AttributionRequest request(Model model, String method) {
    return AttributionRequest.of(model, TestModels.example(model, 7), method)
        .withTarget(Target.of(1));
  }

  /** The sums over each token's elements, which must be equal. */
  private static double[] tokens(Attribution attribution) {
    double[] values = attribution.value().toDoubles();
    double[] sums = new double[TOKENS];
    for (int i = 0; i < values.length; i++) {
      sums[i / WIDTH] += values[i];
      assertEquals(values[i / WIDTH * WIDTH], values[i]);
    }
    return sums;
  }

  @ParameterizedTest
  @EnumSource
  void weightsAreTheModelsOwn(Form form) {
    Model model = transformer(form);
    double[][][][] expected = loops(TestModels.example(model, 7));
    for (int layer = 0; layer < 2; layer++) {
      for (int head = 0; head < HEADS; head++) {
        AttributionRequest asked =
            request(model, "attention")
                .withOption("layer", layer)
                .withOption("head", head)
                .withOption("query", 2);
        assertArrayEquals(expected[layer][head][2], tokens(attributor().attribute(asked)), 1e-12);
      }
    }
    Attribution mean = attributor().attribute(request(model, "attention"));
    assertEquals(1, mean.sum(), 1e-12);
    assertEquals(Map.of("layers", 2.0, "heads", 2.0, "queries", 4.0, "keys", 4.0), mean.facts());
  }

  @ParameterizedTest
  @EnumSource
  void rolloutFollowsEveryPath(Form form) {
    Model model = transformer(form);
    double[][][][] a = loops(TestModels.example(model, 7));
    double[] expected = new double[TOKENS];
    for (int s = 0; s < TOKENS; s++) {
      for (int m = 0; m < TOKENS; m++) {
        expected[s] += half(a[1], 3, m) * half(a[0], m, s);
      }
    }
    AttributionRequest asked = request(model, "attention-rollout").withOption("query", -1);
    assertArrayEquals(expected, tokens(attributor().attribute(asked)), 1e-12);
  }

  private static double half(double[][][] heads, int query, int key) {
    double mean = (heads[0][query][key] + heads[1][query][key]) / HEADS;
    return (mean + (query == key ? 1 : 0)) / 2;
  }

  /** The gradients by the weights are differences of the model with one weight set. */
  @Test
  void gradientWeightsAttentionByWhatItDoes() {
    Model model = transformer(Form.APART);
    double[][][][] a = loops(TestModels.example(model, 7));
    double[][][] weighted = new double[2][TOKENS][TOKENS];
    for (int layer = 0; layer < 2; layer++) {
      for (int h = 0; h < HEADS; h++) {
        for (int t = 0; t < TOKENS; t++) {
          for (int s = 0; s < TOKENS; s++) {
            double slope = slope(model, layer, List.of(h, t, s), a[layer][h][t][s]);
            weighted[layer][t][s] += Math.max(0, slope * a[layer][h][t][s]) / HEADS;
          }
        }
      }
    }
    double[] expected = new double[TOKENS];
    for (int t = 0; t < TOKENS; t++) {
      for (int s = 0; s < TOKENS; s++) {
        expected[s] += (weighted[0][t][s] + weighted[1][t][s]) / TOKENS;
        for (int m = 0; m < TOKENS; m++) {
          expected[s] += weighted[1][t][m] * weighted[0][m][s] / TOKENS;
        }
      }
    }
    Attribution found = attributor().attribute(request(model, "attention-gradient"));
    assertArrayEquals(expected, tokens(found), 1e-7);
    assertTrue(found.sum() > 1e-3, "nothing raises the target");
  }

  private static double slope(Model model, int layer, List<Integer> place, double at) {
    Intervention unit = new Intervention("attention" + layer, place);
    Tensor x = TestModels.example(model, 7);
    Tensor y =
        Objects.requireNonNull(
            attributor()
                .predict(
                    Intervention.settable(model, List.of(unit)),
                    Map.of(
                        "x",
                        Tensor.concatRows(List.of(x, x)),
                        Intervention.port(0),
                        Tensor.of(Shape.of(2), at + 1e-4, at - 1e-4)),
                    Optional.empty())
                .get("y"));
    return (y.get(1) - y.get(4)) / 2e-4;
  }

  @Test
  void refusesModelsWithoutAttention() {
    for (String method : List.of("attention", "attention-rollout", "attention-gradient")) {
      assertEquals(
          method
              + ": model perceptron has no attention: none of its 1 softmaxes is a softmax over"
              + " the last axis between two matrix products of computed values",
          refusal(request(TestModels.perceptron(), method)));
    }
  }

  @Test
  void refusesWhatIsNotThere() {
    AttributionRequest asked = request(transformer(Form.APART), "attention");
    assertEquals(
        "attention: option layer is 2; it must be from -2 to 1",
        refusal(asked.withOption("layer", 2)));
    assertEquals(
        "attention: option head is 2; it must be from -1 to 1",
        refusal(asked.withOption("head", 2)));
    assertEquals(
        "attention: option query is first; it must be mean, or a token from -4 to 3",
        refusal(asked.withOption("query", "first")));
    assertEquals(
        "attention: target head[1] does not depend on any of the 2 attentions of model"
            + " transformer",
        refusal(asked.withTo("head").withTarget(Target.parse("head[1]"))));
    Tensor three = Tensor.of(Shape.of(1, 3), 1.0, 2.0, 3.0);
    List<Variable> other = List.of(new Variable("pixels", three, three));
    assertEquals(
        "attention: the attention is over 4 tokens, and no axis of [pixels[1,3]] has as many"
            + " places; explain a layer with a row for each token (to)",
        assertThrows(
                AttributionException.class,
                () -> Tokens.spread(new double[TOKENS], other, "attention"))
            .getMessage());
  }

  private static String refusal(AttributionRequest request) {
    return String.valueOf(
        assertThrows(AttributionException.class, () -> attributor().attribute(request))
            .getMessage());
  }
}
