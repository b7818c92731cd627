package wherefore.backend.cpu;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import wherefore.compute.ComputeException;
import wherefore.graph.BinaryFunction;
import wherefore.graph.UnaryFunction;

/** The tables from a function's name to the function of one or two numbers. */
final class Numbers {
  private Numbers() {}

  static DoubleUnaryOperator ofDoubles(UnaryFunction function) {
    return switch (function) {
      case NEG -> x -> -x;
      case ABS -> Math::abs;
      case SIGN -> Math::signum;
      case RECIPROCAL -> x -> 1 / x;
      case EXP -> Math::exp;
      case LOG -> Math::log;
      case SQRT -> Math::sqrt;
      case SIN -> Math::sin;
      case COS -> Math::cos;
      case TAN -> Math::tan;
      case ASIN -> Math::asin;
      case ACOS -> Math::acos;
      case ATAN -> Math::atan;
      case SINH -> Math::sinh;
      case COSH -> Math::cosh;
      case TANH -> Math::tanh;
      case ASINH -> Numbers::asinh;
      case ACOSH -> Numbers::acosh;
      case ATANH -> x -> 0.5 * Math.log1p(2 * x / (1 - x));
      case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
      case ERF -> ErrorFunction::erf;
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
      case ADD -> Double::sum;
      case SUB -> (a, b) -> a - b;
      case MUL -> (a, b) -> a * b;
      case DIV -> (a, b) -> a / b;
      case POW -> Math::pow;
      case MAX -> Math::max;
      case MIN -> Math::min;
      case MOD -> Numbers::mod;
      case AND, OR, XOR -> throw new AssertionError("of bool only");
    };
  }

  static LongBinaryOperator ofLongs(BinaryFunction function) {
    return switch (function) {
      case ADD -> Long::sum;
      case SUB -> (a, b) -> a - b;
      case MUL -> (a, b) -> a * b;
      case DIV -> (a, b) -> a / divisor(b);
      case POW -> Numbers::power;
      case MAX -> Math::max;
      case MIN -> Math::min;
      case MOD -> (a, b) -> Math.floorMod(a, divisor(b));
      case AND, OR, XOR -> throw new AssertionError("of bool only");
    };
  }

  /** For large |x|, where x² overflows, asinh x = ln 2x. */
  private static double asinh(double x) {
    double a = Math.abs(x);
    double result =
        a > 1e8 ? Math.log(2) + Math.log(a) : Math.log1p(a + a * a / (1 + Math.hypot(1, a)));
    return Math.copySign(result, x);
  }

  private static double acosh(double x) {
    double above = x - 1;
    return x > 1e8 ? Math.log(2) + Math.log(x) : Math.log1p(above + Math.sqrt(above * (above + 2)));
  }

  private static double mod(double a, double b) {
    double remainder = a % b;
    boolean otherSide = remainder != 0 && (remainder < 0) != (b < 0);
    return otherSide ? remainder + b : remainder;
  }

  private static long divisor(long b) {
    if (b == 0) {
      throw new ComputeException("an integer is divided by 0");
    }
    return b;
  }

  private static long power(long base, long exponent) {
    if (exponent < 0) {
      return reciprocalPower(base, exponent);
    }
    long result = 1;
    long factor = base;
    for (long e = exponent; e != 0; e >>= 1) {
      if ((e & 1) != 0) {
        result *= factor;
      }
      factor *= factor;
    }
    return result;
  }

  private static long reciprocalPower(long base, long exponent) {
    divisor(base);
    if (base == 1) {
      return 1;
    }
    return base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
  }
}
