package wherefore.model.onnx;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.TensorType;
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
      case Primitive.Unary u -> HostNumbers.unary(u.function(), x);
      case Primitive.Binary b -> HostNumbers.binary(b.function(), x, in.get(1));
      case Primitive.Compare c -> HostNumbers.compare(c.relation(), x, in.get(1));
      case Primitive.Where w -> HostNumbers.where(x, in.get(1), in.get(2));
      case Primitive.Cast c -> x.to(c.to());
      case Primitive.Concat c -> HostMoves.concat(c.axis(), in, type);
      case Primitive.Reshape r -> x.reshape(shape);
      case Primitive.Transpose t -> {
        int[] strides = x.shape().strides();
        yield HostMoves.pick(
            x,
            shape,
            HostMoves.strided(
                shape, 0, t.permutation().stream().mapToInt(a -> strides[a]).toArray()));
      }
      case Primitive.Reverse r -> HostMoves.reverse(x, r.axes());
      case Primitive.Slice s -> HostMoves.slice(x, s, shape);
      case Primitive.Pad p -> HostMoves.pad(x, p, shape);
      case Primitive.Expand e -> HostMoves.expand(x, shape);
      case Primitive.ReduceSum r -> reduceSum(x, type);
      case Primitive.ReduceMax r -> reduceMax(x, r.axis(), type);
      case Primitive.MatMul m -> matMul(m, x, in.get(1), type);
      case Primitive.Gather g -> HostMoves.gather(g.axis(), x, in.get(1), shape);
      default -> throw new AssertionError(op);
    };
  }

  private static Tensor reduceSum(Tensor x, TensorType type) {
    int[] strides = type.shape().strides();
    for (int a = 0; a < strides.length; a++) {
      strides[a] = type.shape().dim(a) == 1 ? 0 : strides[a];
    }
    int[] targets = HostMoves.strided(x.shape(), 0, strides);
    if (!type.element().isFloating()) {
      long[] sums = new long[type.shape().size()];
      for (int i = 0; i < targets.length; i++) {
        sums[targets[i]] += HostNumbers.integer(x, i);
      }
      return HostNumbers.integers(type.element(), type.shape(), i -> sums[i]);
    }
    double[] sums = new double[type.shape().size()];
    for (int i = 0; i < targets.length; i++) {
      sums[targets[i]] += x.get(i);
    }
    return HostNumbers.floating(type.element(), type.shape(), i -> sums[i]);
  }

  private static Tensor reduceMax(Tensor x, int axis, TensorType type) {
    int extent = x.shape().dim(axis);
    int inner = x.shape().axes(axis + 1, x.shape().rank()).size();
    if (extent == 0) {
      throw new IllegalArgumentException("the maximum of no elements is not defined");
    }
    return type.element().isFloating()
        ? HostNumbers.floating(
            type.element(),
            type.shape(),
            i -> {
              double max = Double.NEGATIVE_INFINITY;
              for (int k = 0; k < extent; k++) {
                max = Math.max(max, x.get((i / inner * extent + k) * inner + i % inner));
              }
              return max;
            })
        : HostNumbers.integers(
            type.element(),
            type.shape(),
            i -> {
              long max = Long.MIN_VALUE;
              for (int k = 0; k < extent; k++) {
                max =
                    Math.max(
                        max, HostNumbers.integer(x, (i / inner * extent + k) * inner + i % inner));
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
    return HostNumbers.floating(type.element(), type.shape(), product);
  }
}
