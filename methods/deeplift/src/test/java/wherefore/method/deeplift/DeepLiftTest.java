package wherefore.method.deeplift;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Target;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.MethodContract;
import wherefore.testkit.TestModels;

/** The textbook's facts. */
class DeepLiftTest extends MethodContract {
  private static final Composite RELU = new Composite.Relu();

  @Override
  protected AttributionMethod<?> method() {
    return new DeepLift();
  }

  private static Model model(int inputs, BiFunction<GraphBuilder, Value, Value> body) {
    return TestModels.of("textbook", Shape.of(inputs), 1, body);
  }

  private static AttributionRequest asked(Model model, String method, double... x) {
    Tensor input = Tensor.of(Shape.of(1, x.length), x);
    return AttributionRequest.of(model, input, method).withBaseline(new Baseline.Zero());
  }

  private static double[] explain(Model model, Rule rule, double... x) {
    AttributionRequest request = asked(model, "deeplift", x).withOption("rule", rule.name());
    return attributor().attribute(request).value().toDoubles();
  }

  private static double[] gradient(Model model, double... x) {
    Attribution gradient = attributor().attribute(asked(model, "gradient", x));
    return gradient.value().toDoubles();
  }

  private static Value column(Value x, int column) {
    return x.builder().slice(x, 1, column, column + 1);
  }

  private static Value dense(Value x, double... weights) {
    return x.builder()
        .matMul(x, x.builder().constant(Tensor.of(Shape.of(weights.length, 1), weights)));
  }

  @ParameterizedTest
  @EnumSource
  void aSaturatedSigmoidGetsItsWholeRise(Rule rule) {
    Model saturated =
        model(1, (b, x) -> b.unary(UnaryFunction.SIGMOID, b.matMul(x, b.constant(ten()))));
    AttributionRequest request =
        asked(saturated, "deeplift", 3)
            .withTarget(Target.of(0).asProbability())
            .withOption("rule", rule.name());
    double rise = 1 / (1 + Math.exp(-30)) - 0.5;
    assertEquals(rise, attributor().attribute(request).sum(), 1e-12);
  }

  private static Tensor ten() {
    return Tensor.of(Shape.of(1, 1), 10.0);
  }

  /** Figure 1 of the paper: y = 1 − max(0, 1 − (a + c)) at (1, 1). */
  @ParameterizedTest
  @EnumSource
  void aDeadReluHidesNothing(Rule rule) {
    Model saturating =
        model(2, (b, x) -> b.add(b.neg(b.apply(RELU, b.add(dense(x, -1, -1), 1))), 1));
    assertArrayEquals(new double[] {0.5, 0.5}, explain(saturating, rule, 1, 1), 1e-12);
    assertArrayEquals(new double[] {0, 0}, gradient(saturating, 1, 1), 0);
  }

  /** Section 3.5.3: min(a, c) as a − max(0, a − c). Rescale gives all to one of them. */
  @Test
  void revealCancelSharesAMinimum() {
    Model least = model(2, (b, x) -> b.sub(column(x, 0), b.apply(RELU, dense(x, 1, -1))));
    assertArrayEquals(new double[] {0.5, 0.5}, explain(least, Rule.REVEAL_CANCEL, 3, 1), 1e-12);
    assertArrayEquals(new double[] {0.5, 0.5}, explain(least, Rule.RECOMMENDED, 3, 1), 1e-12);
    assertArrayEquals(new double[] {0, 1}, explain(least, Rule.RESCALE, 3, 1), 1e-12);
    Model primitive = model(2, (b, x) -> b.binary(BinaryFunction.MIN, column(x, 0), column(x, 1)));
    assertArrayEquals(new double[] {0.5, 0.5}, explain(primitive, Rule.RESCALE, 3, 1), 1e-12);
  }

  @ParameterizedTest
  @EnumSource
  void anAndIsSharedAlike(Rule rule) {
    Model and = model(2, (b, x) -> b.apply(RELU, b.add(dense(x, 1, 1), -1)));
    assertArrayEquals(new double[] {0.5, 0.5}, explain(and, rule, 1, 1), 1e-12);
    Model logical =
        model(
            2,
            (b, x) -> {
              Value half = b.expand(b.number(0.5, x), x.shape());
              Value on = b.compare(Comparison.LESS, half, x);
              Value both =
                  b.apply(new Primitive.Binary(BinaryFunction.AND), column(on, 0), column(on, 1));
              return b.cast(both, ElementType.FLOAT64);
            });
    assertArrayEquals(new double[] {0.5, 0.5}, explain(logical, rule, 1, 1), 1e-12);
    assertArrayEquals(new double[] {0, 0}, explain(logical, rule, 1, 0), 1e-12);
  }

  @Test
  void onAChainItIsIntegratedGradients() {
    Model chain =
        model(
            1,
            (b, x) -> {
              Value s = b.unary(UnaryFunction.SIGMOID, b.mul(x, 2));
              Value t = b.unary(UnaryFunction.TANH, b.add(b.mul(s, 3), -1));
              return b.apply(new Composite.Gelu(false), b.unary(UnaryFunction.EXP, t));
            });
    Attribution path =
        attributor()
            .attribute(asked(chain, "integrated-gradients", 1.7).withOption("tolerance", 1e-9));
    assertArrayEquals(
        path.value().toDoubles(), explain(chain, Rule.RESCALE, 1.7), 1e-8 * path.sum());
  }

  @ParameterizedTest
  @EnumSource
  void stepsAreExplained(Rule rule) {
    Model steps =
        model(
            2,
            (b, x) ->
                b.add(
                    b.unary(UnaryFunction.SIGN, b.add(dense(x, 1, 1), -1)),
                    b.unary(UnaryFunction.FLOOR, b.mul(column(x, 1), 2))));
    assertArrayEquals(new double[] {1, 3}, explain(steps, rule, 1.25, 1.25), 1e-12);
    assertArrayEquals(new double[] {0, 0}, gradient(steps, 1.25, 1.25), 0);
  }

  @Test
  void aChoiceByAnInputIsSharedWithTheInput() {
    Model choice =
        model(
            2,
            (b, x) -> {
              Value a = column(x, 0);
              Value on = b.compare(Comparison.LESS, b.expand(b.number(1, a), a.shape()), a);
              return b.where(on, b.mul(column(x, 1), 3), b.add(a, 5));
            });
    double[] shares = explain(choice, Rule.RESCALE, 2, 4);
    assertEquals(12 - 5, shares[0] + shares[1], 1e-12);
    assertEquals(0.5 * 12, shares[1], 1e-12);
  }

  @Test
  void ofAProductEachFactorGetsHalf() {
    Model product = model(2, (b, x) -> b.mul(column(x, 0), column(x, 1)));
    assertArrayEquals(new double[] {3, 3}, explain(product, Rule.RESCALE, 2, 3), 1e-12);
    Model ratio = model(2, (b, x) -> b.div(b.add(column(x, 0), 1), b.add(column(x, 1), 1)));
    double[] shares = explain(ratio, Rule.RESCALE, 5, 2);
    assertArrayEquals(new double[] {5 * (1 + 1 / 3.0) / 2, 3.5 * (1 / 3.0 - 1)}, shares, 1e-12);
  }

  /** x + sigmoid(wx) ⊙ vx: a linearisation of the gate would lose the interaction. */
  @ParameterizedTest
  @EnumSource
  void aGatedResidualIsComplete(Rule rule) {
    Model gated =
        model(
            2,
            (b, x) -> {
              Value gate = b.unary(UnaryFunction.SIGMOID, dense(x, 2, -1));
              return b.add(column(x, 0), b.mul(gate, dense(x, 0.5, 3)));
            });
    double[] shares = explain(gated, rule, 1.5, -2);
    double expected = 1.5 + (0.75 - 6) / (1 + Math.exp(-5));
    assertEquals(expected, shares[0] + shares[1], 1e-12);
  }

  @Test
  void aDifferenceOfZeroTakesTheDerivative() {
    Model cancelling = model(2, (b, x) -> b.unary(UnaryFunction.TANH, b.add(dense(x, 1, -1), 0.3)));
    double slope = 1 - Math.tanh(0.3) * Math.tanh(0.3);
    assertArrayEquals(
        new double[] {2 * slope, -2 * slope}, explain(cancelling, Rule.RESCALE, 2, 2), 1e-12);
    assertArrayEquals(
        new double[] {2 * slope, -2 * slope}, explain(cancelling, Rule.RESCALE, 2 + 1e-9, 2), 1e-8);
  }

  @ParameterizedTest
  @EnumSource
  void softmaxIsExactFarFromTheReference(Rule rule) {
    Model model = TestModels.perceptron();
    Tensor far = TestModels.example(model, 5).zip(TestModels.example(model, 5), (a, c) -> 400 * a);
    for (int target = 0; target < 3; target++) {
      AttributionRequest request =
          AttributionRequest.of(model, far, "deeplift")
              .withBaseline(new Baseline.Constant(0.1))
              .withTarget(Target.of(target).asProbability())
              .withOption("rule", rule.name());
      double residual = attributor().attribute(request).facts().getOrDefault("residual", 1.0);
      assertEquals(0, residual, 1e-10);
    }
  }

  @ParameterizedTest
  @EnumSource
  void toALayerTheSumIsTheSame(Rule rule) {
    AttributionRequest request =
        request(TestModels.convolutional(), 12).withOption("rule", rule.name());
    double atInput = attributor().attribute(request).sum();
    for (String layer : List.of("conv1", "relu1", "pool", "residual")) {
      assertEquals(atInput, attributor().attribute(request.withTo(layer)).sum(), 1e-11);
    }
  }

  @Test
  void aComputedIndexHasNoRule() {
    Model indexed =
        model(
            3,
            (b, x) -> {
              Value best = b.at("best").apply(new Primitive.ArgMax(1), x);
              return b.at("number").cast(best, ElementType.FLOAT64);
            });
    RuntimeException refusal =
        assertThrows(RuntimeException.class, () -> explain(indexed, Rule.RESCALE, 1, 2, 3));
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains("no rule of deeplift matches argMax"), message);
    assertTrue(message.contains("(best)"), message);
  }
}
