package wherefore.model.dl4j;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;

/**
 * DL4J's activation functions, as it computes them at inference; {@code ActivationRReLU}, a leaky
 * ReLU in training, is max(x, (l + u)/2) then.
 */
final class Activations {
  private static final double SELU_ALPHA = 1.6732632423543772;
  private static final double SELU_GAMMA = 1.0507009873554805;

  /** What DL4J calls GELU unless told to be precise: x · sigmoid(1.702 x). */
  private static final double GELU_AS_SWISH = 1.702f;

  private static final Map<Class<?>, Function<IActivation, Emitter.Unary>> TABLE =
      Map.ofEntries(
          row(ActivationIdentity.class, a -> (b, x) -> x),
          row(ActivationReLU.class, Activations::relu),
          row(ActivationReLU6.class, a -> (b, x) -> b.apply(new Composite.Clip(0, 6), x)),
          row(ActivationLReLU.class, a -> of(new Composite.LeakyRelu(a.getAlpha()))),
          row(
              ActivationThresholdedReLU.class,
              a -> of(new Composite.ThresholdedRelu(a.getTheta()))),
          row(ActivationELU.class, a -> of(new Composite.Elu(a.getAlpha()))),
          row(ActivationSELU.class, a -> of(new Composite.Selu(SELU_ALPHA, SELU_GAMMA))),
          row(
              ActivationGELU.class,
              a ->
                  of(
                      a.isPrecise()
                          ? new Composite.Gelu(true)
                          : new Composite.Swish(GELU_AS_SWISH))),
          row(
              ActivationRReLU.class,
              a -> of(new Composite.Clip((a.getL() + a.getU()) / 2, Double.POSITIVE_INFINITY))),
          row(ActivationSwish.class, a -> of(new Composite.Swish(1))),
          row(ActivationMish.class, a -> of(new Composite.Mish())),
          row(ActivationSigmoid.class, a -> (b, x) -> b.unary(UnaryFunction.SIGMOID, x)),
          row(ActivationTanH.class, a -> (b, x) -> b.unary(UnaryFunction.TANH, x)),
          row(ActivationHardTanH.class, a -> of(new Composite.Clip(-1, 1))),
          row(ActivationHardSigmoid.class, a -> of(new Composite.HardSigmoid(0.2f, 0.5))),
          row(ActivationSoftPlus.class, a -> of(new Composite.Softplus())),
          row(ActivationSoftSign.class, a -> of(new Composite.Softsign())),
          row(ActivationCube.class, a -> (b, x) -> b.mul(b.mul(x, x), x)),
          row(
              ActivationRectifiedTanh.class,
              a -> (b, x) -> b.apply(new Composite.Relu(), b.unary(UnaryFunction.TANH, x))),
          row(ActivationRationalTanh.class, a -> Activations::rationalTanh),
          row(
              ActivationSoftmax.class,
              a -> (b, x) -> b.apply(new Composite.Softmax(x.shape().rank() - 1), x)));

  private Activations() {}

  private static <A extends IActivation>
      Map.Entry<Class<?>, Function<IActivation, Emitter.Unary>> row(
          Class<A> type, Function<A, Emitter.Unary> translation) {
    return Map.entry(type, activation -> translation.apply(type.cast(activation)));
  }

  private static Emitter.Unary of(Composite composite) {
    return (b, x) -> b.apply(composite, x);
  }

  /** The classes that are supported, by their short names. */
  static List<String> known() {
    return TABLE.keySet().stream().map(Class::getSimpleName).sorted().toList();
  }

  /**
   * The function as nodes.
   *
   * @throws UnsupportedException if it isn't in the table
   */
  static Emitter.Unary of(IActivation activation) {
    Function<IActivation, Emitter.Unary> translation = TABLE.get(activation.getClass());
    if (translation == null) {
      throw new UnsupportedException("activation " + activation.getClass().getSimpleName());
    }
    return translation.apply(activation);
  }

  /** True if an element of the result depends on more than one element. */
  static boolean mixesElements(IActivation activation) {
    return activation instanceof ActivationSoftmax;
  }

  private static Emitter.Unary relu(ActivationReLU relu) {
    double threshold = orZero(relu.getThreshold());
    double slope = orZero(relu.getNegativeSlope());
    Double max = relu.getMax();
    Emitter.Unary unbounded =
        threshold == 0 ? leaky(slope) : (b, x) -> thresholded(b, x, threshold, slope);
    return max == null
        ? unbounded
        : (b, x) ->
            b.apply(new Composite.Clip(Double.NEGATIVE_INFINITY, max), unbounded.emit(b, x));
  }

  /** x if x &gt; 0, else slope · x. */
  static Emitter.Unary leaky(double slope) {
    return of(slope == 0 ? new Composite.Relu() : new Composite.LeakyRelu(slope));
  }

  /** x from the threshold on, below it slope · (x − threshold). */
  private static Value thresholded(GraphBuilder b, Value x, double threshold, double slope) {
    Value above = b.compare(Comparison.LESS_OR_EQUAL, b.number(threshold, x), x);
    return b.where(above, x, b.mul(b.add(x, -threshold), slope));
  }

  private static double orZero(@Nullable Double value) {
    return value == null ? 0 : value;
  }

  /** 1.7159 · sign(y) · (1 − 1 / (1 + |y| + y² + 1.41645 y⁴)) with y = 2x/3. */
  private static Value rationalTanh(GraphBuilder b, Value x) {
    Value y = b.mul(x, 2.0 / 3);
    Value square = b.mul(y, y);
    Value quartic = b.mul(b.mul(square, square), 1.41645f);
    Value sum = b.add(b.add(b.add(b.unary(UnaryFunction.ABS, y), square), quartic), 1);
    Value distance =
        b.binary(BinaryFunction.SUB, b.number(1, x), b.unary(UnaryFunction.RECIPROCAL, sum));
    return b.mul(b.mul(b.unary(UnaryFunction.SIGN, y), distance), 1.7159f);
  }
}
