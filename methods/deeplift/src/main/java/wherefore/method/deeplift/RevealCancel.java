package wherefore.method.deeplift;

import java.util.ArrayList;
import java.util.List;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.propagate.Step;
import wherefore.tensor.ElementType;

/**
 * The RevealCancel rule: what raises an activation's input and what lowers it are moved apart, in
 * both orders.
 *
 * <p>Formulas: Δy⁺ = ½ [f(x' + Δx⁺) − f(x')] + ½ [f(x' + Δx⁻ + Δx⁺) − f(x' + Δx⁻)], Δy⁻ likewise,
 * m± = m Δy±/Δx±; section 3.5.3 of Shrikumar 2017. Where Δx⁺ vanishes beside x, the quotient's
 * limit stands there: ½ [f'(x') + f'(x' + Δx⁻)].
 */
final class RevealCancel {
  private final GraphBuilder b;
  private final Twins twins;
  private final Parts parts;
  private final Quotients quotients;

  RevealCancel(GraphBuilder b, Twins twins, Parts parts, Quotients quotients) {
    this.b = b;
    this.twins = twins;
    this.parts = parts;
    this.quotients = quotients;
  }

  /** True for activations that are defined everywhere, so that the input may be moved in parts. */
  static boolean isFor(Op op) {
    return switch (op) {
      case Composite.Activation a -> true;
      case Composite.PRelu p -> true;
      case Primitive.Unary u -> isFor(u.function());
      default -> false;
    };
  }

  private static boolean isFor(UnaryFunction function) {
    return switch (function) {
      case ABS, SIGN, FLOOR, CEIL, ROUND, SIN, COS, ATAN, TANH, ASINH, SIGMOID, ERF -> true;
      case NEG, RECIPROCAL, EXP, LOG, SQRT, TAN, ASIN, ACOS, SINH, COSH, ACOSH, ATANH, NOT -> false;
    };
  }

  /** The mean of what arrives at the operand; the lean is left with the parts. */
  Value mean(Step s) {
    Value x = s.input(0);
    Value spread = parts.spread(x);
    Value up = half(BinaryFunction.MAX, b.add(twins.delta(x), spread));
    Value down = half(BinaryFunction.MIN, b.sub(twins.delta(x), spread));
    Value raised = b.add(x, up);
    Value lowered = b.add(x, down);
    Value least = b.mul(b.add(b.unary(UnaryFunction.ABS, x), spread), least(x.element()));
    Value above = quotient(s, up, raised, lowered, least);
    Value below = quotient(s, down, lowered, raised, least);
    Value half = b.mul(s.arriving(), 0.5);
    parts.lean(x, b.mul(half, b.sub(above, below)));
    return b.mul(half, b.add(above, below));
  }

  private static double least(ElementType type) {
    return type == ElementType.FLOAT64 ? 1e-12 : 1e-6;
  }

  private Value half(BinaryFunction bound, Value twice) {
    return b.mul(b.binary(bound, twice, 0), 0.5);
  }

  private Value at(Step s, Value x) {
    List<Value> operands = new ArrayList<>(s.inputs());
    operands.set(0, x);
    return b.apply(s.op(), operands);
  }

  /** ½ ([f(x' + Δ) − f(x')] + [f(x) − f(x' + the other Δ)]) / Δ. */
  private Value quotient(Step s, Value part, Value with, Value without, Value least) {
    Value alone = b.sub(at(s, with), s.output());
    Value last = b.sub(twins.at(s.output()), at(s, without));
    Value quotient = b.div(b.mul(b.add(alone, last), 0.5), part);
    Value far = b.compare(Comparison.LESS, least, b.unary(UnaryFunction.ABS, part));
    Value limit = b.add(quotients.slope(s, s.input(0)), quotients.slope(s, without));
    return b.where(far, quotient, b.mul(limit, 0.5));
  }
}
