package wherefore.backend.reference;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import wherefore.compute.ComputeException;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.UnaryFunction;

/**
 * The tables from a function's name to the function. {@code StrictMath} gives the same bits on
 * every machine.
 */
final class Functions {
  private Functions() {}

  static DoubleUnaryOperator ofDoubles(UnaryFunction function) {
    return switch (function) {
      case NEG -> x -> -x;
      case ABS -> Math::abs;
      case SIGN -> Math::signum;
      case RECIPROCAL -> x -> 1 / x;
      case EXP -> StrictMath::exp;
      case LOG -> StrictMath::log;
      case SQRT -> Math::sqrt;
      case SIN -> StrictMath::sin;
      case COS -> StrictMath::cos;
      case TAN -> StrictMath::tan;
      case ASIN -> StrictMath::asin;
      case ACOS -> StrictMath::acos;
      case ATAN -> StrictMath::atan;
      case SINH -> StrictMath::sinh;
      case COSH -> StrictMath::cosh;
      case TANH -> StrictMath::tanh;
      case ASINH -> Functions::asinh;
      case ACOSH -> Functions::acosh;
      case ATANH -> x -> 0.5 * StrictMath.log1p(2 * x / (1 - x));
      case SIGMOID -> Functions::sigmoid;
      case ERF -> Erf::erf;
      case FLOOR -> Math::floor;
      case CEIL -> Math::ceil;
      case ROUND -> Math::rint;
      case NOT -> throw new AssertionError("of bool only");
    };
  }

  static LongUnaryOperator ofLongs(UnaryFunction function) {
    return switch (function) {
      case NEG -> x -> -x;
      case ABS -> Math::abs;
      case SIGN -> Long::signum;
      case FLOOR, CEIL, ROUND -> x -> x;
      default -> throw new AssertionError("of floating numbers only: " + function);
    };
  }

  static DoubleBinaryOperator ofDoubles(BinaryFunction function) {
    return switch (function) {
      case ADD -> (a, b) -> a + b;
      case SUB -> (a, b) -> a - b;
      case MUL -> (a, b) -> a * b;
      case DIV -> (a, b) -> a / b;
      case POW -> StrictMath::pow;
      case MAX -> Math::max;
      case MIN -> Math::min;
      case MOD -> Functions::mod;
      case AND, OR, XOR -> throw new AssertionError("of bool only");
    };
  }

  static LongBinaryOperator ofLongs(BinaryFunction function) {
    return switch (function) {
      case ADD -> (a, b) -> a + b;
      case SUB -> (a, b) -> a - b;
      case MUL -> (a, b) -> a * b;
      case DIV -> (a, b) -> a / divisor(b);
      case POW -> Functions::power;
      case MAX -> Math::max;
      case MIN -> Math::min;
      case MOD -> (a, b) -> Math.floorMod(a, divisor(b));
      case AND, OR, XOR -> throw new AssertionError("of bool only");
    };
  }

  static double sigmoid(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  /** a² would overflow from 1e154 on; there, and long before, asinh a = ln 2a. */
  private static double asinh(double x) {
    double a = Math.abs(x);
    double y =
        a > 1e9
            ? StrictMath.log(a) + StrictMath.log(2)
            : StrictMath.log1p(a + a * a / (1 + Math.sqrt(a * a + 1)));
    return Math.copySign(y, x);
  }

  private static double acosh(double x) {
    double t = x - 1;
    return x > 1e9
        ? StrictMath.log(x) + StrictMath.log(2)
        : StrictMath.log1p(t + Math.sqrt(2 * t + t * t));
  }

  private static double mod(double a, double b) {
    double rest = a % b;
    return rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
  }

  private static long divisor(long b) {
    if (b == 0) {
      throw new ComputeException("an integer is divided by 0");
    }
    return b;
  }

  /** By repeated squaring; a negative exponent gives the reciprocal, rounded towards zero. */
  private static long power(long base, long exponent) {
    if (exponent < 0) {
      return Math.abs(base) > 1 ? 0 : 1 / divisor(base) * (exponent % 2 == 0 ? base : 1);
    }
    long result = 1;
    long square = base;
    for (long e = exponent; e > 0; e >>= 1) {
      result *= (e & 1) == 1 ? square : 1;
      square *= square;
    }
    return result;
  }

  /** The activations as their definitions read; their bodies in primitives give the same. */
  static DoubleUnaryOperator of(Composite.Activation activation) {
    return switch (activation) {
      case Composite.Relu r -> x -> Math.max(0, x);
      case Composite.LeakyRelu r -> x -> x > 0 ? x : x * r.alpha();
      case Composite.ThresholdedRelu r -> x -> x > r.alpha() ? x : 0;
      case Composite.Elu e -> x -> x > 0 ? x : exponential(x, e.alpha());
      case Composite.Celu c -> x -> x > 0 ? x : exponential(x * (1 / c.alpha()), c.alpha());
      case Composite.Selu s -> x -> (x > 0 ? x : exponential(x, s.alpha())) * s.gamma();
      case Composite.Gelu g -> x -> x * 0.5 * (gate(g, x) + 1);
      case Composite.Swish s -> x -> x * sigmoid(x * s.beta());
      case Composite.Mish m -> x -> x * StrictMath.tanh(softplus(x));
      case Composite.Softplus s -> Functions::softplus;
      case Composite.Softsign s -> x -> x / (Math.abs(x) + 1);
      case Composite.HardSigmoid h -> x -> clip(x * h.alpha() + h.beta(), 0, 1);
      case Composite.HardSwish h -> x -> x * clip(x / 6 + 0.5, 0, 1);
      case Composite.Clip c -> x -> clip(x, c.min(), c.max());
    };
  }

  private static double exponential(double x, double alpha) {
    return (StrictMath.exp(x) - 1) * alpha;
  }

  private static double gate(Composite.Gelu gelu, double x) {
    return gelu.tanhApproximation()
        ? StrictMath.tanh((x + x * x * x * 0.044715) * Math.sqrt(2 / Math.PI))
        : Erf.erf(x * Math.sqrt(0.5));
  }

  private static double softplus(double x) {
    return Math.max(0, x) + StrictMath.log(StrictMath.exp(-Math.abs(x)) + 1);
  }

  private static double clip(double x, double min, double max) {
    return Math.min(Math.max(x, min), max);
  }
}
