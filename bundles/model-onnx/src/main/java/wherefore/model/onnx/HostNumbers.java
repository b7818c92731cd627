package wherefore.model.onnx;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.UnaryFunction;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Element-wise arithmetic on constants: integers exactly, floating numbers in float64. */
final class HostNumbers {
  private HostNumbers() {}

  static Tensor floating(ElementType type, Shape shape, IntToDoubleFunction element) {
    if (type == ElementType.FLOAT32) {
      float[] out = new float[shape.size()];
      for (int i = 0; i < out.length; i++) {
        out[i] = (float) element.applyAsDouble(i);
      }
      return Tensor.wrap(shape, FloatBuffer.wrap(out));
    }
    double[] out = new double[shape.size()];
    Arrays.setAll(out, element);
    return Tensor.wrap(shape, DoubleBuffer.wrap(out)).to(type);
  }

  static Tensor integers(ElementType type, Shape shape, IntToLongFunction element) {
    long[] out = new long[shape.size()];
    Arrays.setAll(out, element);
    return Tensor.wrap(shape, LongBuffer.wrap(out)).to(type);
  }

  /** An int64 element exactly, a bool as 0 or 1. */
  static long integer(Tensor x, int i) {
    return x.type() == ElementType.INT64 ? x.longs().get(i) : x.bools().get(i);
  }

  static Tensor unary(UnaryFunction function, Tensor x) {
    if (!x.type().isFloating()) {
      return integers(x.type(), x.shape(), i -> unary(function, integer(x, i)));
    }
    return floating(x.type(), x.shape(), i -> unary(function, x.get(i)));
  }

  private static long unary(UnaryFunction function, long x) {
    return switch (function) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Long.signum(x);
      case NOT -> 1 - x;
      case FLOOR, CEIL, ROUND -> x;
      default -> (long) unary(function, (double) x);
    };
  }

  private static double unary(UnaryFunction function, double x) {
    return switch (function) {
      case NEG -> -x;
      case ABS -> Math.abs(x);
      case SIGN -> Math.signum(x);
      case RECIPROCAL -> 1 / x;
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case SQRT -> Math.sqrt(x);
      case SIN -> Math.sin(x);
      case COS -> Math.cos(x);
      case TANH -> Math.tanh(x);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case FLOOR -> Math.floor(x);
      case CEIL -> Math.ceil(x);
      case ROUND -> Math.rint(x);
      default -> throw new AssertionError(function);
    };
  }

  static Tensor binary(BinaryFunction function, Tensor a, Tensor b) {
    if (!a.type().isFloating()) {
      return integers(a.type(), a.shape(), i -> integer(function, integer(a, i), integer(b, i)));
    }
    DoubleBinaryOperator f = real(function);
    return floating(a.type(), a.shape(), i -> f.applyAsDouble(a.get(i), b.get(i)));
  }

  private static long integer(BinaryFunction function, long a, long b) {
    return switch (function) {
      case ADD -> a + b;
      case SUB -> a - b;
      case MUL -> a * b;
      case DIV -> a / b;
      case POW -> (long) Math.pow(a, b);
      case MAX -> Math.max(a, b);
      case MIN -> Math.min(a, b);
      case MOD -> Math.floorMod(a, b);
      case AND -> a & b;
      case OR -> a | b;
      case XOR -> a ^ b;
    };
  }

  private static DoubleBinaryOperator real(BinaryFunction function) {
    return switch (function) {
      case ADD -> (a, b) -> a + b;
      case SUB -> (a, b) -> a - b;
      case MUL -> (a, b) -> a * b;
      case DIV -> (a, b) -> a / b;
      case POW -> Math::pow;
      case MAX -> Math::max;
      case MIN -> Math::min;
      case MOD -> (a, b) -> a - Math.floor(a / b) * b;
      case AND, OR, XOR -> throw new AssertionError(function);
    };
  }

  static Tensor compare(Comparison relation, Tensor a, Tensor b) {
    if (!a.type().isFloating()) {
      return integers(
          ElementType.BOOL,
          a.shape(),
          i -> holds(relation, Long.compare(integer(a, i), integer(b, i))) ? 1 : 0);
    }
    return integers(
        ElementType.BOOL,
        a.shape(),
        i -> {
          double x = a.get(i);
          double y = b.get(i);
          int order = x < y ? -1 : x > y ? 1 : 0;
          return x == y || order != 0 ? (holds(relation, order) ? 1 : 0) : 0;
        });
  }

  private static boolean holds(Comparison relation, int order) {
    return switch (relation) {
      case EQUAL -> order == 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
    };
  }

  static Tensor where(Tensor condition, Tensor a, Tensor b) {
    ByteBuffer chosen = condition.bools();
    return a.type().isFloating()
        ? floating(a.type(), a.shape(), i -> chosen.get(i) != 0 ? a.get(i) : b.get(i))
        : integers(a.type(), a.shape(), i -> chosen.get(i) != 0 ? integer(a, i) : integer(b, i));
  }
}
