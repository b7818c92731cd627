package wherefore.model.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Sums, means, extremes over axes, and running sums. */
final class Reductions {
  private interface Reduction extends BiFunction<GraphBuilder, Reduced, Value> {}

  private record Reduced(Value x, List<Integer> axes, boolean truths) {
    Reduced negated(GraphBuilder b) {
      return new Reduced(b.neg(x), axes, truths);
    }
  }

  private Reductions() {}

  static void register(Operators table) {
    add(table, "ReduceSum", (b, r) -> b.sum(r.x(), r.axes()));
    add(table, "ReduceMean", (b, r) -> mean(b, r.x(), r.axes()));
    add(table, "ReduceMax", (b, r) -> maximum(b, r, false));
    add(table, "ReduceMin", (b, r) -> b.neg(maximum(b, r.negated(b), true)));
    add(table, "ReduceProd", (b, r) -> product(b, r.x(), r.axes()));
    add(table, "ReduceL1", (b, r) -> b.sum(b.unary(UnaryFunction.ABS, r.x()), r.axes()));
    add(
        table,
        "ReduceL2",
        (b, r) -> b.unary(UnaryFunction.SQRT, b.sum(b.mul(r.x(), r.x()), r.axes())));
    add(table, "ReduceSumSquare", (b, r) -> b.sum(b.mul(r.x(), r.x()), r.axes()));
    add(table, "ReduceLogSum", (b, r) -> b.unary(UnaryFunction.LOG, b.sum(r.x(), r.axes())));
    add(table, "ReduceLogSumExp", (b, r) -> logSumExp(b, r.x(), r.axes()));
    table.add("ArgMax", 1, c -> argMax(c, c.x()));
    table.add("ArgMin", 1, c -> argMax(c, c.b().neg(c.x())));
    table.add("CumSum", 11, Reductions::cumulative);
    table.add("CumProd", 26, Reductions::cumulativeProduct);
  }

  private static void add(Operators table, String type, Reduction reduction) {
    table.add(type, 1, c -> reduce(c, reduction));
  }

  private static Value reduce(Call c, Reduction reduction) {
    Value x = c.x();
    Optional<int[]> named = c.ints("axes", 1).filter(a -> a.length > 0);
    if (named.isEmpty() && c.attributes().flag("noop_with_empty_axes", false)) {
      return x;
    }
    List<Integer> axes =
        named
            .map(Arrays::stream)
            .orElseGet(() -> IntStream.range(0, x.shape().rank()))
            .map(x.shape()::axis)
            .distinct()
            .sorted()
            .boxed()
            .toList();
    Value number = x.element() == ElementType.BOOL ? c.b().cast(x, ElementType.INT64) : x;
    Value kept = reduction.apply(c.b(), new Reduced(number, axes, number != x));
    Value result = c.attributes().flag("keepdims", true) ? kept : dropped(c.b(), kept, axes);
    return c.b().cast(result, x.element());
  }

  private static Value dropped(GraphBuilder b, Value x, List<Integer> axes) {
    int[] dims =
        IntStream.range(0, x.shape().rank())
            .filter(a -> !axes.contains(a))
            .map(x.shape()::dim)
            .toArray();
    return b.reshape(x, Shape.of(dims));
  }

  private static boolean isEmpty(Value x, List<Integer> axes) {
    return axes.stream().anyMatch(a -> x.shape().dim(a) == 0);
  }

  /** What a reduction of no elements yields. */
  private static Value nothing(GraphBuilder b, double value, Value x, List<Integer> axes) {
    int[] dims = x.shape().dims();
    axes.forEach(a -> dims[a] = 1);
    return b.expand(b.number(value, x), Shape.of(dims));
  }

  /** Of no elements the least number that there is. */
  private static Value maximum(GraphBuilder b, Reduced r, boolean negated) {
    if (!isEmpty(r.x(), r.axes())) {
      return b.max(r.x(), r.axes());
    }
    double least = negated ? -Long.MAX_VALUE : Long.MIN_VALUE;
    if (r.x().element().isFloating()) {
      least = Double.NEGATIVE_INFINITY;
    } else if (r.truths()) {
      least = negated ? -1 : 0;
    }
    return nothing(b, least, r.x(), r.axes());
  }

  private static Value mean(GraphBuilder b, Value x, List<Integer> axes) {
    if (x.element().isFloating()) {
      return b.apply(new Composite.ReduceMean(axes), x);
    }
    int count = axes.stream().mapToInt(x.shape()::dim).reduce(1, Math::multiplyExact);
    return b.div(b.sum(x, axes), b.number(count, x));
  }

  /** Halves are multiplied until one element is left along each axis. */
  private static Value product(GraphBuilder b, Value x, List<Integer> axes) {
    if (isEmpty(x, axes)) {
      return nothing(b, 1, x, axes);
    }
    Value result = x;
    for (int axis : axes) {
      while (result.shape().dim(axis) > 1) {
        int extent = result.shape().dim(axis);
        int half = extent / 2;
        Value pairs = b.mul(b.slice(result, axis, 0, half), b.slice(result, axis, half, 2 * half));
        result =
            extent % 2 == 0
                ? pairs
                : b.concat(axis, List.of(pairs, b.slice(result, axis, extent - 1, extent)));
      }
    }
    return result;
  }

  private static Value logSumExp(GraphBuilder b, Value x, List<Integer> axes) {
    if (isEmpty(x, axes)) {
      return nothing(b, Double.NEGATIVE_INFINITY, x, axes);
    }
    Value max = b.max(x, axes);
    Value sum = b.sum(b.unary(UnaryFunction.EXP, b.sub(x, max)), axes);
    return b.add(b.unary(UnaryFunction.LOG, sum), max);
  }

  private static Value argMax(Call c, Value x) {
    GraphBuilder b = c.b();
    int axis = x.shape().axis(c.attributes().integer("axis", 0));
    boolean last = c.attributes().flag("select_last_index", false);
    Value operand = last ? b.apply(new Primitive.Reverse(List.of(axis)), x) : x;
    Value first = b.apply(new Primitive.ArgMax(axis), operand);
    Value index = last ? b.add(b.neg(first), x.shape().dim(axis) - 1) : first;
    return c.attributes().flag("keepdims", true) ? index : dropped(b, index, List.of(axis));
  }

  /** The product with a triangle of ones along the axis. */
  private static Value cumulative(Call c) {
    GraphBuilder b = c.b();
    Value x = c.x();
    int axis = x.shape().axis(c.ints(1, "axis")[0]);
    int extent = x.shape().dim(axis);
    boolean exclusive = c.attributes().flag("exclusive", false);
    boolean reverse = c.attributes().flag("reverse", false);
    double[] ones = new double[Call.checkTable((long) extent * extent)];
    for (int i = 0; i < ones.length; i++) {
      int from = i / Math.max(1, extent);
      int to = i % Math.max(1, extent);
      boolean before = reverse ? from > to : from < to;
      ones[i] = before || (from == to && !exclusive) ? 1 : 0;
    }
    ElementType type = x.element().isFloating() ? x.element() : ElementType.FLOAT64;
    Tensor triangle = Tensor.of(Shape.of(extent, extent), ones).to(type);
    Value last = Axes.toLast(b, b.cast(x, type), axis);
    Value sums = b.matMul(last, c.literal(triangle));
    return b.cast(Axes.fromLast(b, sums, axis), x.element());
  }

  /** Each element times the ones in front of it, whose number doubles at each step. */
  private static Value cumulativeProduct(Call c) {
    GraphBuilder b = c.b();
    Value x = c.x();
    int axis = x.shape().axis(c.ints(1, "axis")[0]);
    int extent = x.shape().dim(axis);
    boolean reverse = c.attributes().flag("reverse", false);
    boolean exclusive = c.attributes().flag("exclusive", false);
    Value result = exclusive ? shifted(b, x, axis, Math.min(1, extent), reverse) : x;
    for (int step = 1; step < extent; step *= 2) {
      result = b.mul(result, shifted(b, result, axis, step, reverse));
    }
    return result;
  }

  /** Elements moved along an axis, ones where none came to. */
  private static Value shifted(GraphBuilder b, Value x, int axis, int by, boolean reverse) {
    int extent = x.shape().dim(axis);
    Value part = b.slice(x, axis, reverse ? by : 0, reverse ? extent : extent - by);
    List<Integer> none = Shapes.filled(x.shape().rank(), 0);
    List<Integer> some = Shapes.filled(x.shape().rank(), 0);
    some.set(axis, by);
    return b.pad(part, reverse ? none : some, reverse ? some : none, 1);
  }
}
