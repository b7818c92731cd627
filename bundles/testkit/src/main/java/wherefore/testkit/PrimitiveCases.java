package wherefore.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Window;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Every primitive on awkward sizes: none, one, primes, ties, negative numbers, empty batches. */
final class PrimitiveCases {
  private final Data data = new Data(1);
  private final List<OperatorCase> cases = new ArrayList<>();

  private PrimitiveCases() {}

  static List<OperatorCase> all() {
    PrimitiveCases c = new PrimitiveCases();
    c.elementwise();
    c.moves();
    c.indexed();
    c.reductions();
    c.products();
    c.windows();
    c.convolutions();
    c.transposedConvolutions();
    return c.cases;
  }

  private void add(String name, Op op, Tensor... operands) {
    cases.add(OperatorCase.of(name, op, operands));
  }

  private void elementwise() {
    for (UnaryFunction f : UnaryFunction.values()) {
      if (f == UnaryFunction.NOT) {
        add("bool", new Primitive.Unary(f), data.truths(2, 7));
        continue;
      }
      add("matrix", new Primitive.Unary(f), domain(f, 3, 17));
      add("scalar", new Primitive.Unary(f), domain(f));
      add("empty", new Primitive.Unary(f), domain(f, 0, 3));
      if (f.isOfIntegers()) {
        add("int64", new Primitive.Unary(f), data.integers(-4, 5, 13));
      }
    }
    Tensor halves = Tensor.of(Shape.of(8), -2.5f, -1.5f, -0.5f, 0f, 0.5f, 1.5f, 2.5f, 3.7f);
    add("halves", new Primitive.Unary(UnaryFunction.ROUND), halves);
    Tensor extreme = Tensor.of(Shape.of(4), -90f, 90f, -1e-7f, 1e-7f);
    add("extreme", new Primitive.Unary(UnaryFunction.SIGMOID), extreme);
    add("extreme", new Primitive.Unary(UnaryFunction.ERF), extreme);
    for (BinaryFunction f : BinaryFunction.values()) {
      binary(f);
    }
    for (Comparison relation : Comparison.values()) {
      Op op = new Primitive.Compare(relation);
      add("ties", op, data.ties(5, 7), data.ties(5, 7));
      add("int64", op, data.integers(-2, 3, 11), data.integers(-2, 3, 11));
      add("bool", op, data.truths(9), data.truths(9));
    }
    Tensor nan = Tensor.of(Shape.of(2), Float.NaN, 1f);
    add("NaN", new Primitive.Compare(Comparison.LESS_OR_EQUAL), nan, nan);
    add("NaN", new Primitive.Binary(BinaryFunction.MAX), nan, Tensor.of(Shape.of(2), 0f, 0f));
    choices();
  }

  /** Numbers that a function is defined for, away from its poles. */
  private Tensor domain(UnaryFunction f, int... dims) {
    return switch (f) {
      case LOG, SQRT -> data.uniform(0.01, 9, dims);
      case RECIPROCAL -> data.uniform(0.3, 4, dims);
      case ASIN, ACOS, ATANH -> data.uniform(-0.95, 0.95, dims);
      case ACOSH -> data.uniform(1.05, 6, dims);
      case TAN -> data.uniform(-1.2, 1.2, dims);
      default -> data.uniform(-3.9, 3.9, dims);
    };
  }

  private void binary(BinaryFunction f) {
    Op op = new Primitive.Binary(f);
    switch (f) {
      case AND, OR, XOR -> add("bool", op, data.truths(3, 5), data.truths(3, 5));
      case POW -> {
        add("positive base", op, data.uniform(0.2, 3, 5, 3), data.uniform(-2, 2, 5, 3));
        add("int64", op, data.integers(-3, 4, 9), data.integers(0, 5, 9));
      }
      case DIV, MOD -> {
        add("matrix", op, data.normal(5, 7), data.uniform(0.5, 2, 5, 7));
        add("negative divisor", op, data.normal(13), data.uniform(-2, -0.5, 13));
        add("int64", op, data.integers(-9, 9, 20), data.integers(1, 4, 20));
        add("int64, negative divisor", op, data.integers(-9, 9, 20), data.integers(-4, 0, 20));
      }
      default -> {
        add("ties", op, data.ties(7, 11), data.ties(7, 11));
        add("scalar", op, data.normal(), data.normal());
        add("empty", op, data.normal(3, 0), data.normal(3, 0));
        add("int64", op, data.integers(-9, 9, 13), data.integers(-9, 9, 13));
      }
    }
  }

  private void choices() {
    add("floats", new Primitive.Where(), data.truths(5, 3), data.normal(5, 3), data.normal(5, 3));
    add(
        "int64",
        new Primitive.Where(),
        data.truths(7),
        data.integers(0, 9, 7),
        data.integers(0, 9, 7));
    add("bool", new Primitive.Where(), data.truths(7), data.truths(7), data.truths(7));
    for (ElementType to : ElementType.values()) {
      Op cast = new Primitive.Cast(to);
      add("float to " + to.symbol(), cast, data.uniform(-3, 3, 4, 5));
      add("int64 to " + to.symbol(), cast, data.integers(-2, 3, 11));
      add("bool to " + to.symbol(), cast, data.truths(7));
    }
  }

  private void moves() {
    add("two axes", new Primitive.Transpose(List.of(1, 0)), data.normal(7, 5));
    add("no axes", new Primitive.Transpose(List.of()), data.normal());
    add("cycle", new Primitive.Transpose(List.of(2, 0, 1)), data.normal(3, 5, 2));
    add("inner pair", new Primitive.Transpose(List.of(0, 2, 1, 3)), data.normal(2, 3, 5, 4));
    add("int64", new Primitive.Transpose(List.of(1, 0)), data.integers(0, 99, 3, 4));
    add("empty", new Primitive.Transpose(List.of(1, 0)), data.normal(0, 5));
    add("to flat", new Primitive.Reshape(Shape.of(30)), data.normal(2, 3, 5));
    add("to scalar", new Primitive.Reshape(Shape.SCALAR), data.normal(1, 1));
    add("one axis", new Primitive.Reverse(List.of(1)), data.normal(3, 5));
    add("all axes", new Primitive.Reverse(List.of(0, 1, 2)), data.normal(2, 3, 5));
    add("bool", new Primitive.Reverse(List.of(0)), data.truths(7));
    slice("middle", List.of(1, 2), List.of(4, 7), List.of(1, 1));
    slice("steps", List.of(0, 1), List.of(5, 7), List.of(2, 3));
    slice("nothing", List.of(2, 3), List.of(2, 3), List.of(1, 1));
    Primitive.Slice tokens = new Primitive.Slice(List.of(1), List.of(9), List.of(4));
    add("int64", tokens, data.integers(0, 9, 11));
    pad("around", List.of(1, 0), List.of(0, 2), List.of(0, 0), 0);
    pad("between", List.of(0, 1), List.of(1, 0), List.of(2, 1), -1.5);
    pad("minus infinity", List.of(1, 1), List.of(1, 1), List.of(0, 0), Double.NEGATIVE_INFINITY);
    Primitive.Pad empty = new Primitive.Pad(List.of(2), List.of(1), List.of(3), 4);
    add("empty", empty, data.normal(0));
    add("int64", new Primitive.Pad(List.of(2), List.of(1), List.of(1), 7), data.integers(0, 9, 3));
    add("rows", new Primitive.Expand(Shape.of(5, 3)), data.normal(1, 3));
    add("columns", new Primitive.Expand(Shape.of(5, 3)), data.normal(5, 1));
    add("channels", new Primitive.Expand(Shape.of(2, 3, 5, 7)), data.normal(1, 3, 1, 1));
    add("everything", new Primitive.Expand(Shape.of(3, 2)), data.normal(1, 1));
    add("to nothing", new Primitive.Expand(Shape.of(0, 2)), data.normal(1, 2));
    add("bool", new Primitive.Expand(Shape.of(3, 4)), data.truths(3, 1));
    add("rows", new Primitive.Concat(0), data.normal(2, 3), data.normal(1, 3), data.normal(4, 3));
    add("inner", new Primitive.Concat(2), data.normal(2, 3, 1), data.normal(2, 3, 5));
    add("one empty", new Primitive.Concat(1), data.normal(2, 0), data.normal(2, 3));
    add("one part", new Primitive.Concat(0), data.normal(2));
    add("int64", new Primitive.Concat(0), data.integers(0, 9, 3), data.integers(0, 9, 2));
  }

  private void slice(String name, List<Integer> starts, List<Integer> ends, List<Integer> steps) {
    add(name, new Primitive.Slice(starts, ends, steps), data.normal(5, 7));
  }

  private void pad(
      String name, List<Integer> before, List<Integer> after, List<Integer> between, double value) {
    add(name, new Primitive.Pad(before, after, between, value), data.normal(3, 2));
  }

  private void indexed() {
    Tensor matrix = data.integers(0, 5, 2, 3);
    Tensor negative = Tensor.of(Shape.of(4), -1L, 0L, -5L, 2L);
    Tensor scalar = Tensor.of(Shape.SCALAR, 3L);
    add("rows", new Primitive.Gather(0), data.normal(5, 3), matrix);
    add("columns, negative", new Primitive.Gather(1), data.normal(3, 5), negative);
    add("middle, scalar", new Primitive.Gather(1), data.normal(2, 5, 3), scalar);
    add("int64", new Primitive.Gather(0), data.integers(0, 9, 5), matrix);
    add("bool", new Primitive.Gather(0), data.truths(5, 2), scalar);
    add("none", new Primitive.Gather(0), data.normal(5, 2), data.integers(0, 1, 0));
    add("rows, twice the same", new Primitive.ScatterAdd(0, 5), data.normal(2, 3, 4), matrix);
    add("columns, negative", new Primitive.ScatterAdd(1, 5), data.normal(3, 4, 2), negative);
    add("middle, scalar", new Primitive.ScatterAdd(1, 5), data.normal(2, 3), scalar);
    add("int64", new Primitive.ScatterAdd(0, 5), data.integers(0, 9, 2, 3), matrix);
  }

  private void reductions() {
    add("outer", new Primitive.ReduceSum(List.of(0)), data.normal(7, 5));
    add("inner", new Primitive.ReduceSum(List.of(1)), data.normal(7, 13));
    add("around channels", new Primitive.ReduceSum(List.of(0, 2, 3)), data.normal(2, 3, 5, 4));
    add("all", new Primitive.ReduceSum(List.of(0, 1)), data.normal(11, 3));
    add("none", new Primitive.ReduceSum(List.of()), data.normal(3));
    add("of nothing", new Primitive.ReduceSum(List.of(1)), data.normal(3, 0));
    add("int64", new Primitive.ReduceSum(List.of(0)), data.integers(-9, 9, 5, 2));
    for (int axis = 0; axis < 3; axis++) {
      add("ties, axis " + axis, new Primitive.ReduceMax(axis), data.ties(5, 3, 7));
      add("ties, axis " + axis, new Primitive.ArgMax(axis), data.ties(5, 3, 7));
    }
    add("of one", new Primitive.ReduceMax(1), data.normal(4, 1));
    add("empty batch", new Primitive.ReduceMax(1), data.normal(0, 3));
    add("int64", new Primitive.ReduceMax(0), data.integers(-9, 9, 5, 2));
    add("int64", new Primitive.ArgMax(0), data.integers(-2, 3, 9, 2));
    Tensor nan = Tensor.of(Shape.of(3), 1f, Float.NaN, 2f);
    add("NaN", new Primitive.ReduceMax(0), nan);
  }

  private void products() {
    for (boolean ta : List.of(false, true)) {
      for (boolean tb : List.of(false, true)) {
        Op op = new Primitive.MatMul(ta, tb);
        product("primes", op, ta, tb, 7, 13, 11);
        product("row", op, ta, tb, 1, 17, 5);
        product("column", op, ta, tb, 19, 5, 1);
        product("wide", op, ta, tb, 3, 70, 300);
        product("batched", op, ta, tb, 5, 3, 7, 2, 3);
        product("no depth", op, ta, tb, 2, 0, 3);
        product("no rows", op, ta, tb, 0, 4, 3);
      }
    }
    Op op = new Primitive.MatMul(false, true);
    add("int64", op, data.integers(-9, 9, 3, 5), data.integers(-9, 9, 2, 5));
  }

  private void product(
      String name, Op op, boolean ta, boolean tb, int rows, int depth, int columns, int... outer) {
    Shape batch = Shape.of(outer);
    Shape a = batch.concat(ta ? Shape.of(depth, rows) : Shape.of(rows, depth));
    Shape b = batch.concat(tb ? Shape.of(columns, depth) : Shape.of(depth, columns));
    String how = name + (ta ? ", a'" : "") + (tb ? ", b'" : "");
    add(how, op, data.normal(a.dims()), data.normal(b.dims()));
  }

  private void windows() {
    windows("touching", Window.of(2).strides(2), 3, 7);
    windows("overlapping", Window.of(3, 2).strides(2, 1), 2, 7, 5);
    windows("dilated", Window.of(2, 3).dilations(3, 2).strides(1, 2), 6, 9);
    windows("one tap", Window.of(1, 1, 1), 2, 2, 3, 2);
    Window w = Window.of(2).strides(1);
    add("int64", new Primitive.Windows(w), data.integers(0, 9, 5));
    add("int64", new Primitive.OverlapAdd(w, List.of(5)), data.integers(0, 9, 4, 2));
  }

  private void windows(String name, Window w, int... dims) {
    Op op = new Primitive.Windows(w);
    Tensor x = data.normal(dims);
    add(name, op, x);
    Shape y = OperatorCase.of(name, op, x).graph(1).output("y").shape();
    List<Integer> extents =
        Arrays.stream(dims, dims.length - w.rank(), dims.length).boxed().toList();
    add(name, new Primitive.OverlapAdd(w, extents), data.normal(y.dims()));
  }

  private void convolutions() {
    for (Convolutions.Form form : Convolutions.forms()) {
      Op op = new Primitive.Conv(form.window(), form.group());
      Tensor x = data.normal(form.input());
      Tensor w = data.normal(form.weights());
      add(form.name(), op, x, w);
      add(form.name() + ", bias", op, x, w, data.normal(form.weights()[0]));
    }
  }

  private void transposedConvolutions() {
    for (Convolutions.Form form : Convolutions.transposedForms()) {
      Op op = new Primitive.ConvTranspose(form.window(), form.outputPadding(), form.group());
      Tensor x = data.normal(form.input());
      Tensor w = data.normal(form.weights());
      add(form.name(), op, x, w);
      add(form.name() + ", bias", op, x, w, data.normal(form.weights()[1] * form.group()));
    }
  }
}
