package wherefore.backend.reference;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.TensorType;
import wherefore.graph.UnaryFunction;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

/** Operators whose i-th result depends on the operands' i-th elements. */
final class Elementwise {
  private Elementwise() {}

  static Kernel unary(UnaryFunction function, ElementType type) {
    return switch (type) {
      case FLOAT32, FLOAT64 -> map(Functions.ofDoubles(function));
      case INT64 -> map(Functions.ofLongs(function));
      case BOOL -> Elementwise::not;
    };
  }

  static Kernel map(DoubleUnaryOperator f) {
    return (in, work) -> {
      double[] x = in.get(0).doubles();
      double[] y = new double[x.length];
      work.chunks(
          y.length,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              y[i] = f.applyAsDouble(x[i]);
            }
          });
      return new Array(in.get(0).shape(), y);
    };
  }

  private static Kernel map(LongUnaryOperator f) {
    return (in, work) -> {
      long[] x = in.get(0).longs();
      long[] y = new long[x.length];
      work.chunks(
          y.length,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              y[i] = f.applyAsLong(x[i]);
            }
          });
      return new Array(in.get(0).shape(), y);
    };
  }

  private static Array not(List<Array> in, Work work) {
    boolean[] x = in.get(0).booleans();
    return truths(in, work, i -> !x[i]);
  }

  static Kernel binary(BinaryFunction function, ElementType type) {
    return switch (type) {
      case FLOAT32, FLOAT64 -> combine(Functions.ofDoubles(function));
      case INT64 -> combine(Functions.ofLongs(function));
      case BOOL -> (in, work) -> logical(function, in, work);
    };
  }

  private static Kernel combine(DoubleBinaryOperator f) {
    return (in, work) -> {
      double[] a = in.get(0).doubles();
      double[] b = in.get(1).doubles();
      double[] y = new double[a.length];
      work.chunks(
          y.length,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              y[i] = f.applyAsDouble(a[i], b[i]);
            }
          });
      return new Array(in.get(0).shape(), y);
    };
  }

  private static Kernel combine(LongBinaryOperator f) {
    return (in, work) -> {
      long[] a = in.get(0).longs();
      long[] b = in.get(1).longs();
      long[] y = new long[a.length];
      work.chunks(
          y.length,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              y[i] = f.applyAsLong(a[i], b[i]);
            }
          });
      return new Array(in.get(0).shape(), y);
    };
  }

  private static Array logical(BinaryFunction function, List<Array> in, Work work) {
    boolean[] a = in.get(0).booleans();
    boolean[] b = in.get(1).booleans();
    return truths(
        in,
        work,
        switch (function) {
          case AND -> i -> a[i] & b[i];
          case OR -> i -> a[i] | b[i];
          case XOR -> i -> a[i] ^ b[i];
          default -> throw new AssertionError("of numbers only: " + function);
        });
  }

  private interface Truth {
    boolean at(int index);
  }

  private static Array truths(List<Array> in, Work work, Truth truth) {
    boolean[] y = new boolean[in.get(0).size()];
    work.chunks(
        y.length,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            y[i] = truth.at(i);
          }
        });
    return new Array(in.get(0).shape(), y);
  }

  static Kernel compare(Comparison relation, ElementType type) {
    return (in, work) ->
        truths(
            in,
            work,
            switch (type) {
              case FLOAT32, FLOAT64 -> compare(relation, in.get(0).doubles(), in.get(1).doubles());
              case INT64 -> compare(relation, in.get(0).longs(), in.get(1).longs());
              case BOOL -> compare(relation, in.get(0).booleans(), in.get(1).booleans());
            });
  }

  private static Truth compare(Comparison relation, double[] a, double[] b) {
    return switch (relation) {
      case EQUAL -> i -> a[i] == b[i];
      case LESS -> i -> a[i] < b[i];
      case LESS_OR_EQUAL -> i -> a[i] <= b[i];
    };
  }

  private static Truth compare(Comparison relation, long[] a, long[] b) {
    return switch (relation) {
      case EQUAL -> i -> a[i] == b[i];
      case LESS -> i -> a[i] < b[i];
      case LESS_OR_EQUAL -> i -> a[i] <= b[i];
    };
  }

  private static Truth compare(Comparison relation, boolean[] a, boolean[] b) {
    return switch (relation) {
      case EQUAL -> i -> a[i] == b[i];
      case LESS -> i -> !a[i] & b[i];
      case LESS_OR_EQUAL -> i -> !a[i] | b[i];
    };
  }

  static Kernel where(TensorType out) {
    return (in, work) -> {
      Array y = Array.zeros(out);
      boolean[] condition = in.get(0).booleans();
      work.chunks(
          y.size(),
          (from, to) -> choose(condition, in.get(1).data(), in.get(2).data(), y, from, to));
      return y;
    };
  }

  private static void choose(boolean[] condition, Object a, Object b, Array out, int from, int to) {
    switch (out.data()) {
      case double[] y -> {
        for (int i = from; i < to; i++) {
          y[i] = condition[i] ? ((double[]) a)[i] : ((double[]) b)[i];
        }
      }
      case long[] y -> {
        for (int i = from; i < to; i++) {
          y[i] = condition[i] ? ((long[]) a)[i] : ((long[]) b)[i];
        }
      }
      case boolean[] y -> {
        for (int i = from; i < to; i++) {
          y[i] = condition[i] ? ((boolean[]) a)[i] : ((boolean[]) b)[i];
        }
      }
      default -> throw new AssertionError(out.data().getClass());
    }
  }

  static Kernel cast(TensorType out) {
    return (in, work) -> {
      Array x = in.get(0);
      Array same = Array.zeros(out.with(Shape.of(0)));
      if (same.data().getClass() == x.data().getClass()) {
        return x;
      }
      Array y = Array.zeros(out);
      work.chunks(y.size(), (from, to) -> convert(x.data(), y.data(), from, to));
      return y;
    };
  }

  private static void convert(Object x, Object y, int from, int to) {
    for (int i = from; i < to; i++) {
      switch (y) {
        case double[] d -> d[i] = x instanceof long[] l ? l[i] : ((boolean[]) x)[i] ? 1 : 0;
        case long[] l -> l[i] = x instanceof double[] d ? (long) d[i] : ((boolean[]) x)[i] ? 1 : 0;
        case boolean[] b -> b[i] = x instanceof double[] d ? d[i] != 0 : ((long[]) x)[i] != 0;
        default -> throw new AssertionError(y.getClass());
      }
    }
  }
}
