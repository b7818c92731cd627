package wherefore.testkit;

import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.UnaryFunction;
import wherefore.tensor.ElementType;

/**
 * The element-wise functions, each by another formula than a backend would take where there is one.
 */
final class Scalars {
  private Scalars() {}

  static double unary(UnaryFunction function, double x) {
    return switch (function) {
      case NEG -> 0 - x;
      case ABS -> x < 0 ? -x : x;
      case SIGN -> x > 0 ? 1 : x < 0 ? -1 : x;
      case RECIPROCAL -> 1 / x;
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SQRT -> Math.sqrt(x);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case TAN -> Math.sin(x) / Math.cos(x);
      case ASIN -> Math.atan2(x, Math.sqrt((1 - x) * (1 + x)));
      case ACOS -> Math.atan2(Math.sqrt((1 - x) * (1 + x)), x);
      case ATAN -> Math.atan2(x, 1);
      case SINH -> (Math.expm1(x) - Math.expm1(-x)) / 2;
      case COSH -> (Math.exp(x) + Math.exp(-x)) / 2;
      case TANH -> tanh(Math.max(-30, Math.min(30, x)));
      case ASINH -> x < 0 ? -asinh(-x) : asinh(x);
      case ACOSH -> Math.log(x + Math.sqrt(x * x - 1));
      case ATANH -> (Math.log1p(x) - Math.log1p(-x)) / 2;
      case SIGMOID -> 0.5 + 0.5 * Math.tanh(x / 2);
      case ERF -> erf(x);
      case FLOOR -> Math.floor(x);
      case CEIL -> -Math.floor(-x);
      case ROUND -> round(x);
      case NOT -> x == 0 ? 1 : 0;
    };
  }

  private static double tanh(double x) {
    return Math.expm1(2 * x) / (Math.expm1(2 * x) + 2);
  }

  private static double asinh(double x) {
    return Math.log(x + Math.sqrt(x * x + 1));
  }

  /** The integral itself, by Simpson's rule, with compensated summation. */
  private static double erf(double x) {
    int intervals = 20_000;
    double end = Math.max(-7, Math.min(7, x));
    double h = end / intervals;
    double sum = 1 + Math.exp(-end * end);
    double lost = 0;
    for (int i = 1; i < intervals; i++) {
      double term = (i % 2 == 1 ? 4 : 2) * Math.exp(-(i * h) * (i * h)) - lost;
      double next = sum + term;
      lost = next - sum - term;
      sum = next;
    }
    return 2 / Math.sqrt(Math.PI) * sum * h / 3;
  }

  private static double round(double x) {
    double below = Math.floor(x);
    double rest = x - below;
    boolean up = rest > 0.5 || (rest == 0.5 && below % 2 != 0);
    return up ? below + 1 : below;
  }

  static double binary(BinaryFunction function, double a, double b, boolean integer) {
    return switch (function) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> integer ? cast(a / b, ElementType.INT64) : a / b;
      case POW -> integer ? cast(Math.pow(a, b), ElementType.INT64) : Math.pow(a, b);
      case MAX -> Double.isNaN(a) || a > b ? a : b;
      case MIN -> Double.isNaN(a) || a < b ? a : b;
      case MOD -> a - Math.floor(a / b) * b;
      case AND -> a * b;
      case OR -> Math.max(a, b);
      case XOR -> Math.abs(a - b);
    };
  }

  static boolean compare(Comparison relation, double a, double b) {
    return switch (relation) {
      case EQUAL -> a == b;
      case LESS -> a < b;
      case LESS_OR_EQUAL -> a <= b;
    };
  }

  static double cast(double x, ElementType to) {
    return switch (to) {
      case FLOAT32, FLOAT64 -> x;
      case INT64 -> x < 0 ? Math.ceil(x) : Math.floor(x);
      case BOOL -> x != 0 ? 1 : 0;
    };
  }
}
