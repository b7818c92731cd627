package wherefore.method.deeplift;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.propagate.Backward;
import wherefore.propagate.Step;
import wherefore.propagate.Vjp;
import wherefore.tensor.ElementType;

/**
 * The Rescale rule: m Δy/Δx for a function of one variable, element by element.
 *
 * <p>Where |Δx| is so small that rounding would show in the quotient, the derivative half-way is
 * taken. How small that is depends on the function ({@link Smoothness}) and on the element type:
 * published implementations have one number from 1e-10 to 1e-6 for all.
 */
final class Quotients {
  /** How a quotient of differences is kept from rounding. */
  enum Smoothness {
    /** Steps, and pieces of lines that are computed without rounding: Δy/Δx wherever Δx ≠ 0. */
    PIECES(0, 0),
    /** Kinks or poles, rounded. */
    ROUGH(1e-5, 1e-7),
    /** Analytic, with curvatures of about 1: the derivative's error is Δx²/24. */
    SMOOTH(1e-3, 1e-5),
    /** Analytic in units of the argument's magnitude, as logarithms and powers. */
    SCALED(1e-3, 1e-5);

    private final double single;
    private final double twice;

    Smoothness(double single, double twice) {
      this.single = single;
      this.twice = twice;
    }

    /** The least |Δx|, or the least |Δx/x| if scaled, for a quotient. */
    double threshold(ElementType type) {
      return type == ElementType.FLOAT64 ? twice : single;
    }
  }

  private final GraphBuilder b;
  private final Twins twins;

  Quotients(GraphBuilder b, Twins twins) {
    this.b = b;
    this.twins = twins;
  }

  /** A number of another type, or a truth, as a number like what arrives. */
  static Value number(Value value, ElementType type) {
    return value.builder().cast(value, type);
  }

  /** m Δy/Δx for a function of its first operand; other operands are the same at both ends. */
  Value rescale(Step s) {
    Value m = s.arriving();
    if (s.op() instanceof Primitive.Unary u && u.function() == UnaryFunction.RECIPROCAL) {
      return b.neg(b.mul(m, b.mul(twins.at(s.output()), s.output())));
    }
    if (s.op() instanceof Primitive.Unary u && u.function() == UnaryFunction.SQRT) {
      return root(s, m);
    }
    Smoothness smoothness = smoothness(s.op());
    return smoothness == Smoothness.PIECES ? pieces(s, m) : smooth(s, m, smoothness);
  }

  /** m / (y + y'), 0 where both are. */
  private Value root(Step s, Value m) {
    Value sum = b.add(twins.at(s.output()), s.output());
    Value zero = b.number(0, sum);
    return b.where(b.compare(Comparison.EQUAL, sum, zero), zero, b.div(m, sum));
  }

  private Value pieces(Step s, Value m) {
    ElementType type = m.element();
    Value x = number(twins.at(s.input(0)), type);
    Value from = number(s.input(0), type);
    Value rise = b.sub(number(twins.at(s.output()), type), number(s.output(), type));
    Value quotient = b.mul(m, b.div(rise, b.sub(x, from)));
    return b.where(b.compare(Comparison.EQUAL, x, from), derivative(s, m), quotient);
  }

  private Value smooth(Step s, Value m, Smoothness smoothness) {
    Value x = s.input(0);
    Value run = twins.delta(x);
    Value middle = twins.middle(x);
    Value quotient = b.div(twins.delta(s.output()), run);
    return b.where(
        isFar(run, middle, smoothness), b.mul(m, quotient), derivative(at(s, middle), m));
  }

  /** f' at some point. */
  Value slope(Step s, Value point) {
    Value one = b.expand(b.number(1, point), point.shape());
    return derivative(at(s, point), one);
  }

  private Step at(Step s, Value point) {
    List<Value> operands = new ArrayList<>(s.inputs());
    operands.set(0, point);
    Value y = b.apply(s.op(), operands);
    return new Step(b, y.node(), operands, y, s.arriving(), Set.of(0));
  }

  /** Whether differences are large enough for quotients; false where one is NaN. */
  Value isFar(Value run, Value middle, Smoothness smoothness) {
    double threshold = smoothness.threshold(run.element());
    Value least =
        smoothness == Smoothness.SCALED
            ? b.mul(b.unary(UnaryFunction.ABS, middle), threshold)
            : b.number(threshold, run);
    return b.compare(Comparison.LESS, least, b.unary(UnaryFunction.ABS, run));
  }

  /** m f'(x) at the step's first operand. */
  private Value derivative(Step s, Value m) {
    Value zero = b.expand(b.number(0, m), m.shape());
    var entry = Vjp.book().find(s.node());
    if (entry.isEmpty()) {
      return Backward.run(b, Map.of(s.output(), m), List.of(s.input(0)), Vjp.book()).get(0);
    }
    Step step = new Step(b, s.node(), s.inputs(), s.output(), m, Set.of(0));
    return entry.get().rule().propagate(step).getOrDefault(0, zero);
  }

  /**
   * What one of two operands receives: m C/Δx, where C is the mean over both orders of moving the
   * operands of how much f rises with this one (Shapley's value of two players).
   */
  Value ofTwo(Step s, int place, Smoothness smoothness) {
    ElementType type = s.arriving().element();
    Value x = s.input(place);
    Value alone = number(moved(s, Set.of(place)), type);
    Value other = number(moved(s, Set.of(1 - place)), type);
    Value before = number(s.output(), type);
    Value after = number(twins.at(s.output()), type);
    Value rise = b.mul(b.add(b.sub(alone, before), b.sub(after, other)), 0.5);
    Value at = number(twins.at(x), type);
    Value from = number(x, type);
    Value run = b.sub(at, from);
    Value quotient = b.mul(s.arriving(), b.div(rise, run));
    Value far = isFar(run, b.mul(b.add(at, from), 0.5), smoothness);
    return b.where(far, quotient, derivativeOfTwo(s, place));
  }

  /** The output with some operands at the input, the others at the reference. */
  private Value moved(Step s, Set<Integer> places) {
    Set<Value> all = new HashSet<>();
    places.forEach(i -> all.add(s.input(i)));
    return b.apply(
        s.op(), s.inputs().stream().map(v -> all.contains(v) ? twins.at(v) : v).toList());
  }

  /** The derivative half-way; 0 for integers. */
  private Value derivativeOfTwo(Step s, int place) {
    Value zero = b.expand(b.number(0, s.arriving()), s.arriving().shape());
    if (!s.output().element().isFloating()) {
      return zero;
    }
    List<Value> middles = s.inputs().stream().map(twins::middle).toList();
    Value half = b.apply(s.op(), middles);
    Step there = new Step(b, half.node(), middles, half, s.arriving(), Set.of(place));
    return Linearity.transposed(there).getOrDefault(place, zero);
  }

  static Smoothness smoothness(Op op) {
    return switch (op) {
      case Composite.Relu r -> Smoothness.PIECES;
      case Composite.LeakyRelu r -> Smoothness.PIECES;
      case Composite.ThresholdedRelu r -> Smoothness.PIECES;
      case Composite.Clip c -> Smoothness.PIECES;
      case Composite.PRelu p -> Smoothness.PIECES;
      case Primitive.Cast c -> Smoothness.PIECES;
      case Composite.Gelu g -> Smoothness.SMOOTH;
      case Composite.Swish s -> Smoothness.SMOOTH;
      case Composite.Mish m -> Smoothness.SMOOTH;
      case Composite.Softplus s -> Smoothness.SMOOTH;
      case Primitive.Unary u -> smoothness(u.function());
      case Primitive.Binary f -> Smoothness.SCALED;
      default -> Smoothness.ROUGH;
    };
  }

  private static Smoothness smoothness(UnaryFunction function) {
    return switch (function) {
      case NEG, ABS, SIGN, FLOOR, CEIL, ROUND, NOT -> Smoothness.PIECES;
      case EXP, SIN, COS, ATAN, SINH, COSH, TANH, ASINH, SIGMOID, ERF -> Smoothness.SMOOTH;
      case LOG -> Smoothness.SCALED;
      case RECIPROCAL, SQRT, TAN, ASIN, ACOS, ACOSH, ATANH -> Smoothness.ROUGH;
    };
  }
}
