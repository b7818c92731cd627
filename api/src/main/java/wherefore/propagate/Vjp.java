package wherefore.propagate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Lowering;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.Shape;

/**
 * The book of the gradient: for each operator its vector-Jacobian product.
 *
 * <p>Question: how does Σ v · y change with the operands? Formula: v ↦ Jᵀ v with J = ∂y/∂x. Shapes:
 * v as the output, the result as the operand. Conventions: the derivative of a ReLU at 0 is 0; a
 * maximum hands everything to the first of equal ones; step functions, comparisons and indices hand
 * on nothing; weights of a convolution are constants, one that depends on what is asked for is an
 * error.
 *
 * <p>Composites without an entry are differentiated through their body.
 */
public final class Vjp {
  private static final RuleBook BOOK =
      RuleBook.named("gradient")
          .rule("primitive", n -> n.op() instanceof Primitive, Vjp::primitive)
          .rule("composite", n -> hasOwn(n.op()), Vjp::composite);

  private Vjp() {}

  /** The book. */
  public static RuleBook book() {
    return BOOK;
  }

  private static boolean hasOwn(Op op) {
    return op instanceof Composite.Relu
        || op instanceof Composite.Softplus
        || op instanceof Composite.Softmax
        || op instanceof Composite.LogSoftmax
        || op instanceof Composite.MaxPool
        || op instanceof Composite.AveragePool;
  }

  private static Map<Integer, Value> composite(Step s) {
    GraphBuilder b = s.builder();
    Value v = s.arriving();
    Value y = s.output();
    return switch ((Composite) s.op()) {
      case Composite.Relu r -> one(b.mul(v, indicator(b, positive(b, s.input(0)), v)));
      case Composite.Softplus p -> one(b.mul(v, b.unary(UnaryFunction.SIGMOID, s.input(0))));
      case Composite.Softmax p -> one(b.mul(y, b.sub(v, b.sum(b.mul(v, y), List.of(p.axis())))));
      case Composite.LogSoftmax p -> {
        Value share = b.mul(b.unary(UnaryFunction.EXP, y), b.sum(v, List.of(p.axis())));
        yield one(b.sub(v, share));
      }
      case Composite.MaxPool p ->
          one(b.apply(new Composite.MaxPoolGrad(p.window()), s.input(0), v));
      case Composite.AveragePool p -> {
        List<Integer> extents = dims(s.input(0).shape().axes(2, s.input(0).shape().rank()));
        yield one(
            b.apply(new Composite.AveragePoolGrad(p.window(), p.countIncludePad(), extents), v));
      }
      default -> throw new AssertionError("no own rule: " + s.op());
    };
  }

  private static Map<Integer, Value> primitive(Step s) {
    GraphBuilder b = s.builder();
    Value v = s.arriving();
    return switch ((Primitive) s.op()) {
      case Primitive.Unary u -> unary(s, u.function());
      case Primitive.Binary f -> binary(s, f.function());
      case Primitive.Compare c -> Map.of();
      case Primitive.ArgMax a -> Map.of();
      case Primitive.Where w -> where(s);
      case Primitive.Cast c -> {
        boolean smooth = c.to().isFloating() && s.input(0).element().isFloating();
        yield smooth ? one(b.cast(v, s.input(0).element())) : Map.of();
      }
      case Primitive.Concat c -> concat(s, c.axis());
      case Primitive.Reshape r -> one(b.reshape(v, s.input(0).shape()));
      case Primitive.Transpose t -> one(b.transpose(v, inverse(t.permutation())));
      case Primitive.Reverse r -> one(b.apply(r, v));
      case Primitive.Slice p -> one(b.apply(unsliced(p, s.input(0).shape()), v));
      case Primitive.Pad p -> one(b.apply(unpadded(p, s.input(0).shape()), v));
      case Primitive.Expand e -> one(b.sum(v, stretched(s.input(0).shape(), e.shape())));
      case Primitive.ReduceSum r -> one(b.expand(v, s.input(0).shape()));
      case Primitive.ReduceMax r -> one(b.mul(Lowering.firstMaximum(b, s.input(0), r.axis()), v));
      case Primitive.MatMul m -> matMul(s, m);
      case Primitive.Conv c -> conv(s, c);
      case Primitive.ConvTranspose c -> convTranspose(s, c);
      case Primitive.Gather g ->
          one(
              b.apply(
                  new Primitive.ScatterAdd(g.axis(), s.input(0).shape().dim(g.axis())),
                  v,
                  s.input(1)));
      case Primitive.ScatterAdd a -> one(b.apply(new Primitive.Gather(a.axis()), v, s.input(1)));
      case Primitive.Windows w -> {
        Shape x = s.input(0).shape();
        List<Integer> extents = dims(x.axes(x.rank() - w.window().rank(), x.rank()));
        yield one(b.apply(new Primitive.OverlapAdd(w.window(), extents), v));
      }
      case Primitive.OverlapAdd o -> one(b.apply(new Primitive.Windows(o.window()), v));
    };
  }

  private static Map<Integer, Value> one(Value share) {
    return Map.of(0, share);
  }

  private static Map<Integer, Value> unary(Step s, UnaryFunction f) {
    if (f.isStep()) {
      return Map.of();
    }
    return one(s.builder().mul(s.arriving(), derivative(s.builder(), f, s.input(0), s.output())));
  }

  /** f'(x), given y = f(x). */
  private static Value derivative(GraphBuilder b, UnaryFunction f, Value x, Value y) {
    return switch (f) {
      case NEG -> b.number(-1, x);
      case ABS -> b.unary(UnaryFunction.SIGN, x);
      case RECIPROCAL -> b.neg(b.mul(y, y));
      case EXP -> y;
      case LOG -> reciprocal(b, x);
      case SQRT -> b.mul(reciprocal(b, y), 0.5);
      case SIN -> b.unary(UnaryFunction.COS, x);
      case COS -> b.neg(b.unary(UnaryFunction.SIN, x));
      case TAN -> b.add(b.mul(y, y), 1);
      case ASIN -> reciprocalRoot(b, b.add(b.neg(b.mul(x, x)), 1));
      case ACOS -> b.neg(reciprocalRoot(b, b.add(b.neg(b.mul(x, x)), 1)));
      case ATAN -> reciprocal(b, b.add(b.mul(x, x), 1));
      case SINH -> b.unary(UnaryFunction.COSH, x);
      case COSH -> b.unary(UnaryFunction.SINH, x);
      case TANH -> b.add(b.neg(b.mul(y, y)), 1);
      case ASINH -> reciprocalRoot(b, b.add(b.mul(x, x), 1));
      case ACOSH -> reciprocalRoot(b, b.add(b.mul(x, x), -1));
      case ATANH -> reciprocal(b, b.add(b.neg(b.mul(x, x)), 1));
      case SIGMOID -> b.mul(y, b.add(b.neg(y), 1));
      case ERF -> b.mul(b.unary(UnaryFunction.EXP, b.neg(b.mul(x, x))), 2 / Math.sqrt(Math.PI));
      case SIGN, FLOOR, CEIL, ROUND, NOT -> throw new AssertionError("a step: " + f);
    };
  }

  private static Value reciprocal(GraphBuilder b, Value x) {
    return b.unary(UnaryFunction.RECIPROCAL, x);
  }

  private static Value reciprocalRoot(GraphBuilder b, Value x) {
    return reciprocal(b, b.unary(UnaryFunction.SQRT, x));
  }

  private static Map<Integer, Value> binary(Step s, BinaryFunction f) {
    GraphBuilder b = s.builder();
    Value v = s.arriving();
    Value x = s.input(0);
    Value y = s.input(1);
    return switch (f) {
      case ADD -> Map.of(0, v, 1, v);
      case SUB -> wanted(s, () -> v, () -> b.neg(v));
      case MUL -> wanted(s, () -> b.mul(v, y), () -> b.mul(v, x));
      case DIV -> wanted(s, () -> b.div(v, y), () -> b.neg(b.div(b.mul(v, s.output()), y)));
      case POW -> wanted(s, () -> b.mul(v, powerRule(b, x, y)), () -> exponentRule(s));
      case MAX -> choice(s, b.compare(Comparison.LESS_OR_EQUAL, y, x));
      case MIN -> choice(s, b.compare(Comparison.LESS_OR_EQUAL, x, y));
      case MOD ->
          wanted(s, () -> v, () -> b.neg(b.mul(v, b.unary(UnaryFunction.FLOOR, b.div(x, y)))));
      case AND, OR, XOR -> Map.of();
    };
  }

  private static Map<Integer, Value> wanted(Step s, Supplier<Value> first, Supplier<Value> second) {
    Map<Integer, Value> shares = new HashMap<>();
    if (s.wants(0)) {
      shares.put(0, first.get());
    }
    if (s.wants(1)) {
      shares.put(1, second.get());
    }
    return shares;
  }

  /** d aᵉ / da = e · a^(e−1), and 0 for e = 0 also where a is 0. */
  private static Value powerRule(GraphBuilder b, Value base, Value exponent) {
    Value constant = b.compare(Comparison.EQUAL, exponent, b.number(0, exponent));
    Value less = b.where(constant, exponent, b.add(exponent, -1));
    return b.mul(exponent, b.binary(BinaryFunction.POW, base, less));
  }

  /** d aᵉ / de = aᵉ · ln a, and 0 where a ≤ 0. */
  private static Value exponentRule(Step s) {
    GraphBuilder b = s.builder();
    Value positive = positive(b, s.input(0));
    Value safe = b.where(positive, s.input(0), b.number(1, s.input(0)));
    return b.mul(s.arriving(), b.mul(s.output(), b.unary(UnaryFunction.LOG, safe)));
  }

  private static Map<Integer, Value> choice(Step s, Value first) {
    GraphBuilder b = s.builder();
    Value zero = b.number(0, s.arriving());
    return wanted(
        s, () -> b.where(first, s.arriving(), zero), () -> b.where(first, zero, s.arriving()));
  }

  private static Map<Integer, Value> where(Step s) {
    GraphBuilder b = s.builder();
    Value zero = b.number(0, s.arriving());
    Value condition = s.input(0);
    return Map.of(
        1, b.where(condition, s.arriving(), zero), 2, b.where(condition, zero, s.arriving()));
  }

  private static Value positive(GraphBuilder b, Value x) {
    return b.compare(Comparison.LESS, b.number(0, x), x);
  }

  private static Value indicator(GraphBuilder b, Value condition, Value like) {
    return b.cast(condition, like.element());
  }

  private static Map<Integer, Value> concat(Step s, int axis) {
    Map<Integer, Value> shares = new HashMap<>();
    int start = 0;
    for (int i = 0; i < s.inputs().size(); i++) {
      int extent = s.input(i).shape().dim(axis);
      if (s.wants(i)) {
        shares.put(i, s.builder().slice(s.arriving(), axis, start, start + extent));
      }
      start += extent;
    }
    return shares;
  }

  private static List<Integer> inverse(List<Integer> permutation) {
    return IntStream.range(0, permutation.size()).mapToObj(permutation::indexOf).toList();
  }

  private static Primitive.Pad unsliced(Primitive.Slice slice, Shape operand) {
    List<Integer> after = new ArrayList<>();
    List<Integer> between = new ArrayList<>();
    for (int a = 0; a < operand.rank(); a++) {
      int step = slice.steps().get(a);
      int count = (slice.ends().get(a) - slice.starts().get(a) + step - 1) / step;
      int covered = count == 0 ? 0 : (count - 1) * step + 1;
      after.add(operand.dim(a) - slice.starts().get(a) - covered);
      between.add(step - 1);
    }
    return new Primitive.Pad(slice.starts(), after, between, 0);
  }

  private static Primitive.Slice unpadded(Primitive.Pad pad, Shape operand) {
    List<Integer> ends = new ArrayList<>();
    List<Integer> steps = new ArrayList<>();
    for (int a = 0; a < operand.rank(); a++) {
      int step = pad.between().get(a) + 1;
      int extent = operand.dim(a);
      ends.add(pad.before().get(a) + (extent == 0 ? 0 : (extent - 1) * step + 1));
      steps.add(step);
    }
    return new Primitive.Slice(pad.before(), ends, steps);
  }

  private static List<Integer> stretched(Shape from, Shape to) {
    return IntStream.range(0, to.rank()).filter(a -> from.dim(a) != to.dim(a)).boxed().toList();
  }

  private static Map<Integer, Value> matMul(Step s, Primitive.MatMul m) {
    GraphBuilder b = s.builder();
    Value v = s.arriving();
    Value x = s.input(0);
    Value y = s.input(1);
    boolean ta = m.transposeA();
    boolean tb = m.transposeB();
    return wanted(
        s,
        () -> ta ? product(b, y, v, tb, true) : product(b, v, y, false, !tb),
        () -> tb ? product(b, v, x, true, ta) : product(b, x, v, !ta, false));
  }

  private static Value product(GraphBuilder b, Value x, Value y, boolean tx, boolean ty) {
    return b.apply(new Primitive.MatMul(tx, ty), x, y);
  }

  private static Map<Integer, Value> conv(Step s, Primitive.Conv c) {
    refuseWeights(s);
    Window w = c.window();
    List<Integer> outputPadding = new ArrayList<>();
    for (int a = 0; a < w.rank(); a++) {
      int pads = w.padBegin().get(a) + w.padEnd().get(a);
      int least = (s.output().shape().dim(a + 2) - 1) * w.strides().get(a) + w.reach(a) - pads;
      outputPadding.add(s.input(0).shape().dim(a + 2) - least);
    }
    return withBias(s, new Primitive.ConvTranspose(w, outputPadding, c.group()));
  }

  private static Map<Integer, Value> convTranspose(Step s, Primitive.ConvTranspose c) {
    refuseWeights(s);
    return withBias(s, new Primitive.Conv(c.window(), c.group()));
  }

  private static Map<Integer, Value> withBias(Step s, Primitive adjoint) {
    Map<Integer, Value> shares = new HashMap<>();
    if (s.wants(0)) {
      shares.put(0, cropped(s, s.builder().apply(adjoint, s.arriving(), s.input(1))));
    }
    if (s.wants(2)) {
      shares.put(2, biasShare(s));
    }
    return shares;
  }

  /** Output padding of a stride or more makes room for windows that no element had. */
  private static Value cropped(Step s, Value share) {
    Value result = share;
    for (int a = 2; a < share.shape().rank(); a++) {
      result = s.builder().slice(result, a, 0, s.input(0).shape().dim(a));
    }
    return result;
  }

  private static Value biasShare(Step s) {
    Shape y = s.arriving().shape();
    List<Integer> axes = IntStream.range(0, y.rank()).filter(a -> a != 1).boxed().toList();
    return s.builder().reshape(s.builder().sum(s.arriving(), axes), Shape.of(y.dim(1)));
  }

  private static void refuseWeights(Step s) {
    if (s.wants(1)) {
      throw new GraphException(
          s.node().describe()
              + ": its weights depend on what the derivative is asked for; only constant weights"
              + " can be differentiated through");
    }
  }

  private static List<Integer> dims(Shape shape) {
    return Arrays.stream(shape.dims()).boxed().toList();
  }
}
