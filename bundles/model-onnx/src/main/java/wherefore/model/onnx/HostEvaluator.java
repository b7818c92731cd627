package wherefore.model.onnx;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntToLongFunction;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.TensorType;
import wherefore.graph.UnaryFunction;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Computes operators on constants while a graph is built: the arithmetic of shapes that exporters
 * write as nodes, and weights that a file derives from others. Integers are exact; floating results
 * are computed in float64 and rounded once.
 */
final class HostEvaluator {
  private HostEvaluator() {}

  /** True for the operators that {@link #evaluate} computes. */
  static boolean supports(Op op) {
    return switch (op) {
      case Primitive.Unary u ->
          switch (u.function()) {
            case NEG, ABS, SIGN, RECIPROCAL, EXP, LOG, SQRT, SIN, COS, TANH, SIGMOID -> true;
            case FLOOR, CEIL, ROUND, NOT -> true;
            default -> false;
          };
      case Primitive.Binary b -> true;
      case Primitive.Compare c -> true;
      case Primitive.Where w -> true;
      case Primitive.Cast c -> true;
      case Primitive.Concat c -> true;
      case Primitive.Reshape r -> true;
      case Primitive.ReduceSum r -> true;
      case Primitive.ReduceMax r -> true;
      case Primitive.MatMul m -> true;
      case Primitive.Gather g -> true;
      default -> isStrided(op) || op instanceof Primitive.Pad;
    };
  }

  private static boolean isStrided(Op op) {
    return op instanceof Primitive.Transpose
        || op instanceof Primitive.Reverse
        || op instanceof Primitive.Slice
        || op instanceof Primitive.Expand;
  }

  /**
   * The operator applied to tensors.
   *
   * @param type what inference says it yields
   */
  static Tensor evaluate(Op op, List<Tensor> in, TensorType type) {
    Tensor x = in.get(0);
    Shape shape = type.shape();
    return switch (op) {
      case Primitive.Unary u -> unary(u.function(), x);
      case Primitive.Binary b -> binary(b.function(), x, in.get(1));
      case Primitive.Compare c -> compare(c.relation(), x, in.get(1));
      case Primitive.Where w -> where(x, in.get(1), in.get(2));
      case Primitive.Cast c -> x.to(c.to());
      case Primitive.Concat c -> concat(c.axis(), in, type);
      case Primitive.Reshape r -> x.reshape(shape);
      case Primitive.Transpose t -> {
        int[] strides = x.shape().strides();
        yield pick(
            x,
            shape,
            strided(shape, 0, t.permutation().stream().mapToInt(a -> strides[a]).toArray()));
      }
      case Primitive.Reverse r -> reverse(x, r.axes());
      case Primitive.Slice s -> slice(x, s, shape);
      case Primitive.Pad p -> pad(x, p, shape);
      case Primitive.Expand e -> expand(x, shape);
      case Primitive.ReduceSum r -> reduceSum(x, type);
      case Primitive.ReduceMax r -> reduceMax(x, r.axis(), type);
      case Primitive.MatMul m -> matMul(m, x, in.get(1), type);
      case Primitive.Gather g -> gather(g.axis(), x, in.get(1), shape);
      default -> throw new AssertionError(op);
    };
  }

  private static Tensor floating(ElementType type, Shape shape, IntToDoubleFunction element) {
    if (type == ElementType.FLOAT32) {
      float[] out = new float[shape.size()];
      for (int i = 0; i < out.length; i++) {
        out[i] = (float) element.applyAsDouble(i);
      }
      return Tensor.wrap(shape, java.nio.FloatBuffer.wrap(out));
    }
    double[] out = new double[shape.size()];
    Arrays.setAll(out, element);
    return Tensor.wrap(shape, java.nio.DoubleBuffer.wrap(out)).to(type);
  }

  private static Tensor integers(ElementType type, Shape shape, IntToLongFunction element) {
    long[] out = new long[shape.size()];
    Arrays.setAll(out, element);
    return Tensor.wrap(shape, java.nio.LongBuffer.wrap(out)).to(type);
  }

  /** An int64 element exactly, a bool as 0 or 1. */
  private static long integer(Tensor x, int i) {
    return x.type() == ElementType.INT64 ? x.longs().get(i) : x.bools().get(i);
  }

  private static Tensor unary(UnaryFunction function, Tensor x) {
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

  private static Tensor binary(BinaryFunction function, Tensor a, Tensor b) {
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

  private static Tensor compare(Comparison relation, Tensor a, Tensor b) {
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

  private static Tensor where(Tensor condition, Tensor a, Tensor b) {
    ByteBuffer chosen = condition.bools();
    return a.type().isFloating()
        ? floating(a.type(), a.shape(), i -> chosen.get(i) != 0 ? a.get(i) : b.get(i))
        : integers(a.type(), a.shape(), i -> chosen.get(i) != 0 ? integer(a, i) : integer(b, i));
  }

  // --- moving elements ------------------------------------------------------------------------

  /** For each element of a shape base + Σ coordinate · stride. */
  private static int[] strided(Shape shape, int base, int[] strides) {
    int[] out = new int[shape.size()];
    int[] at = new int[shape.rank()];
    int offset = base;
    for (int i = 0; i < out.length; i++) {
      out[i] = offset;
      for (int a = shape.rank() - 1; a >= 0; a--) {
        offset += strides[a];
        if (++at[a] < shape.dim(a)) {
          break;
        }
        offset -= strides[a] * at[a];
        at[a] = 0;
      }
    }
    return out;
  }

  private static Tensor pick(Tensor x, Shape shape, int[] places) {
    return x.type().isFloating()
        ? floating(x.type(), shape, i -> x.get(places[i]))
        : integers(x.type(), shape, i -> integer(x, places[i]));
  }

  private static Tensor reverse(Tensor x, List<Integer> axes) {
    int[] strides = x.shape().strides();
    int base = 0;
    for (int axis : axes) {
      base += (x.shape().dim(axis) - 1) * strides[axis];
      strides[axis] = -strides[axis];
    }
    return pick(x, x.shape(), strided(x.shape(), base, strides));
  }

  private static Tensor slice(Tensor x, Primitive.Slice s, Shape shape) {
    int[] strides = x.shape().strides();
    int base = 0;
    for (int a = 0; a < strides.length; a++) {
      base += s.starts().get(a) * strides[a];
      strides[a] *= s.steps().get(a);
    }
    return pick(x, shape, strided(shape, base, strides));
  }

  private static Tensor expand(Tensor x, Shape shape) {
    if (x.size() == 1) {
      return x.type().isFloating() ? fill(x, shape) : pick(x, shape, new int[shape.size()]);
    }
    int[] strides = x.shape().strides();
    for (int a = 0; a < strides.length; a++) {
      strides[a] = x.shape().dim(a) == 1 ? 0 : strides[a];
    }
    return pick(x, shape, strided(shape, 0, strides));
  }

  private static Tensor fill(Tensor x, Shape shape) {
    double value = x.get(0);
    return floating(x.type(), shape, i -> value);
  }

  private static Tensor pad(Tensor x, Primitive.Pad p, Shape shape) {
    int[] strides = shape.strides();
    int base = 0;
    for (int a = 0; a < strides.length; a++) {
      base += p.before().get(a) * strides[a];
      strides[a] *= p.between().get(a) + 1;
    }
    int[] sources = new int[shape.size()];
    Arrays.fill(sources, -1);
    int[] places = strided(x.shape(), base, strides);
    for (int i = 0; i < places.length; i++) {
      sources[places[i]] = i;
    }
    return x.type().isFloating()
        ? floating(x.type(), shape, i -> sources[i] < 0 ? p.value() : x.get(sources[i]))
        : integers(
            x.type(), shape, i -> sources[i] < 0 ? (long) p.value() : integer(x, sources[i]));
  }

  private static Tensor concat(int axis, List<Tensor> parts, TensorType type) {
    int outer = type.shape().axes(0, axis).size();
    ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(type.bytes()));
    List<ByteBuffer> bytes = parts.stream().map(Tensor::toBytes).toList();
    for (int row = 0; row < outer; row++) {
      for (ByteBuffer part : bytes) {
        int length = part.capacity() / outer;
        out.put(part.slice(row * length, length));
      }
    }
    return Tensor.wrap(type.element(), type.shape(), out.flip());
  }

  private static Tensor gather(int axis, Tensor x, Tensor indices, Shape shape) {
    int extent = x.shape().dim(axis);
    int inner = x.shape().axes(axis + 1, x.shape().rank()).size();
    int count = indices.size();
    int[] places = new int[shape.size()];
    for (int i = 0; i < places.length; i++) {
      long index = indices.longs().get(i / inner % count);
      long place = index < 0 ? index + extent : index;
      if (place < 0 || place >= extent) {
        throw new IllegalArgumentException(
            "index %d is outside of axis %d of %s".formatted(index, axis, x.shape()));
      }
      places[i] = (i / inner / count * extent + (int) place) * inner + i % inner;
    }
    return pick(x, shape, places);
  }

  // --- sums -----------------------------------------------------------------------------------

  private static Tensor reduceSum(Tensor x, TensorType type) {
    int[] strides = type.shape().strides();
    for (int a = 0; a < strides.length; a++) {
      strides[a] = type.shape().dim(a) == 1 ? 0 : strides[a];
    }
    int[] targets = strided(x.shape(), 0, strides);
    if (!type.element().isFloating()) {
      long[] sums = new long[type.shape().size()];
      for (int i = 0; i < targets.length; i++) {
        sums[targets[i]] += integer(x, i);
      }
      return integers(type.element(), type.shape(), i -> sums[i]);
    }
    double[] sums = new double[type.shape().size()];
    for (int i = 0; i < targets.length; i++) {
      sums[targets[i]] += x.get(i);
    }
    return floating(type.element(), type.shape(), i -> sums[i]);
  }

  private static Tensor reduceMax(Tensor x, int axis, TensorType type) {
    int extent = x.shape().dim(axis);
    int inner = x.shape().axes(axis + 1, x.shape().rank()).size();
    if (extent == 0) {
      throw new IllegalArgumentException("the maximum of no elements is not defined");
    }
    return type.element().isFloating()
        ? floating(
            type.element(),
            type.shape(),
            i -> {
              double max = Double.NEGATIVE_INFINITY;
              for (int k = 0; k < extent; k++) {
                max = Math.max(max, x.get((i / inner * extent + k) * inner + i % inner));
              }
              return max;
            })
        : integers(
            type.element(),
            type.shape(),
            i -> {
              long max = Long.MIN_VALUE;
              for (int k = 0; k < extent; k++) {
                max = Math.max(max, integer(x, (i / inner * extent + k) * inner + i % inner));
              }
              return max;
            });
  }

  private static Tensor matMul(Primitive.MatMul m, Tensor a, Tensor b, TensorType type) {
    int rows = type.shape().dim(-2);
    int columns = type.shape().dim(-1);
    int inner = a.shape().dim(m.transposeA() ? -2 : -1);
    IntToDoubleFunction product =
        i -> {
          int matrix = i / columns / rows;
          int row = i / columns % rows;
          int column = i % columns;
          double sum = 0;
          for (int k = 0; k < inner; k++) {
            int left = m.transposeA() ? k * rows + row : row * inner + k;
            int right = m.transposeB() ? column * inner + k : k * columns + column;
            sum += a.get(matrix * rows * inner + left) * b.get(matrix * inner * columns + right);
          }
          return sum;
        };
    return floating(type.element(), type.shape(), product);
  }
}
