package wherefore.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * The table from a {@linkplain Composite composite} to its body in {@linkplain Primitive
 * primitives}. The body is the operator's definition: a backend may compute it otherwise, but not
 * something else.
 */
public final class Lowering implements Rewrite {
  private final Predicate<Composite> keep;

  private Lowering(Predicate<Composite> keep) {
    this.keep = keep;
  }

  /** The rewrite that replaces every composite by its body. */
  public static Lowering all() {
    return new Lowering(c -> false);
  }

  /** The rewrite that replaces the composites that a backend does not want whole. */
  public static Lowering allBut(Predicate<Composite> keep) {
    return new Lowering(keep);
  }

  @Override
  public Graph apply(Graph graph) {
    GraphBuilder b = new GraphBuilder();
    Value[] values = new Value[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      List<Value> in = node.inputs().stream().map(i -> values[i]).toList();
      b.at(node.origin());
      values[node.id()] =
          node.op() instanceof Composite c && !keep.test(c)
              ? body(b, c, in)
              : b.apply(node.op(), in);
    }
    graph.outputs().forEach((name, id) -> b.output(name, values[id]));
    return new Prune().apply(b.build());
  }

  /**
   * The body of a composite.
   *
   * @param b where its nodes go
   * @param in the operands
   * @return what it yields, of the type that {@link Inference} gives the composite
   */
  public static Value body(GraphBuilder b, Composite composite, List<Value> in) {
    Value x = in.get(0);
    return switch (composite) {
      case Composite.Activation a -> activation(b, a, x);
      case Composite.PRelu p ->
          b.where(positive(b, x), x, b.mul(x, b.expand(in.get(1), x.shape())));
      case Composite.Softmax s -> {
        Value e = b.unary(UnaryFunction.EXP, b.sub(x, b.max(x, List.of(s.axis()))));
        yield b.div(e, b.sum(e, List.of(s.axis())));
      }
      case Composite.LogSoftmax s -> {
        Value shifted = b.sub(x, b.max(x, List.of(s.axis())));
        Value sum = b.sum(b.unary(UnaryFunction.EXP, shifted), List.of(s.axis()));
        yield b.sub(shifted, b.unary(UnaryFunction.LOG, sum));
      }
      case Composite.Gemm g -> gemm(b, g, in);
      case Composite.BatchNormalization n ->
          affine(
              b,
              x,
              channels(b, x, in.get(3)),
              channels(b, x, in.get(4)),
              n.epsilon(),
              channels(b, x, in.get(1)),
              channels(b, x, in.get(2)));
      case Composite.InstanceNormalization n ->
          normalize(
              b, x, axes(2, x), n.epsilon(), channels(b, x, in.get(1)), channels(b, x, in.get(2)));
      case Composite.GroupNormalization n -> groupNormalization(b, n, in);
      case Composite.LayerNormalization n -> layerNormalization(b, n, in);
      case Composite.LRN n -> lrn(b, n, x);
      case Composite.ReduceMean r -> mean(b, x, r.axes());
      case Composite.MaxPool p -> maxPool(b, p.window(), x);
      case Composite.MaxPoolGrad p -> maxPoolGrad(b, p.window(), x, in.get(1));
      case Composite.AveragePool p -> {
        Value windows = windows(b, p.window(), x, 0);
        Value sums = b.sum(windows, axes(windows.shape().rank() - p.window().rank(), windows));
        Value flat = b.reshape(sums, Inference.type(p, List.of(x.type())).shape());
        yield b.div(flat, counts(b, p.window(), p.countIncludePad(), x.shape(), x));
      }
      case Composite.AveragePoolGrad p -> averagePoolGrad(b, p, x);
      case Composite.Resize r -> resize(b, r, x);
    };
  }

  private static Value activation(GraphBuilder b, Composite.Activation activation, Value x) {
    Value zero = b.number(0, x);
    return switch (activation) {
      case Composite.Relu r -> b.binary(BinaryFunction.MAX, zero, x);
      case Composite.LeakyRelu r -> b.where(positive(b, x), x, b.mul(x, r.alpha()));
      case Composite.ThresholdedRelu r ->
          b.where(b.compare(Comparison.LESS, b.number(r.alpha(), x), x), x, zero);
      case Composite.Elu e -> b.where(positive(b, x), x, exponential(b, x, e.alpha(), 1));
      case Composite.Celu c -> b.where(positive(b, x), x, exponential(b, x, c.alpha(), c.alpha()));
      case Composite.Selu s ->
          b.mul(b.where(positive(b, x), x, exponential(b, x, s.alpha(), 1)), s.gamma());
      case Composite.Gelu g -> b.mul(b.mul(x, 0.5), b.add(gate(b, g, x), 1));
      case Composite.Swish s -> b.mul(x, b.unary(UnaryFunction.SIGMOID, b.mul(x, s.beta())));
      case Composite.Mish m -> b.mul(x, b.unary(UnaryFunction.TANH, softplus(b, x)));
      case Composite.Softplus s -> softplus(b, x);
      case Composite.Softsign s -> b.div(x, b.add(b.unary(UnaryFunction.ABS, x), 1));
      case Composite.HardSigmoid h -> clip(b, b.add(b.mul(x, h.alpha()), h.beta()), 0, 1);
      case Composite.HardSwish h ->
          b.mul(x, clip(b, b.add(b.binary(BinaryFunction.DIV, x, 6), 0.5), 0, 1));
      case Composite.Clip c -> clip(b, x, c.min(), c.max());
    };
  }

  private static Value positive(GraphBuilder b, Value x) {
    return b.compare(Comparison.LESS, b.number(0, x), x);
  }

  /** alpha · (e^(min(x, 0)/scale) − 1): bounded also where the other branch is taken. */
  private static Value exponential(GraphBuilder b, Value x, double alpha, double scale) {
    Value negative = b.binary(BinaryFunction.MIN, x, 0);
    Value exp = b.unary(UnaryFunction.EXP, b.mul(negative, 1 / scale));
    return b.mul(b.add(exp, -1), alpha);
  }

  private static Value gate(GraphBuilder b, Composite.Gelu gelu, Value x) {
    if (!gelu.tanhApproximation()) {
      return b.unary(UnaryFunction.ERF, b.mul(x, Math.sqrt(0.5)));
    }
    Value cube = b.mul(b.mul(x, x), x);
    Value inner = b.mul(b.add(x, b.mul(cube, 0.044715)), Math.sqrt(2 / Math.PI));
    return b.unary(UnaryFunction.TANH, inner);
  }

  /** max(x, 0) + ln(1 + e^−|x|), which does not overflow. */
  private static Value softplus(GraphBuilder b, Value x) {
    Value decay = b.unary(UnaryFunction.EXP, b.neg(b.unary(UnaryFunction.ABS, x)));
    Value log = b.unary(UnaryFunction.LOG, b.add(decay, 1));
    return b.add(b.binary(BinaryFunction.MAX, b.number(0, x), x), log);
  }

  private static Value clip(GraphBuilder b, Value x, double min, double max) {
    Value low = min == Double.NEGATIVE_INFINITY ? x : b.binary(BinaryFunction.MAX, x, min);
    return max == Double.POSITIVE_INFINITY ? low : b.binary(BinaryFunction.MIN, low, max);
  }

  private static Value gemm(GraphBuilder b, Composite.Gemm g, List<Value> in) {
    Value product =
        b.apply(new Primitive.MatMul(g.transposeA(), g.transposeB()), in.get(0), in.get(1));
    Value scaled = g.alpha() == 1 ? product : b.mul(product, g.alpha());
    if (in.size() < 3) {
      return scaled;
    }
    return b.add(scaled, g.beta() == 1 ? in.get(2) : b.mul(in.get(2), g.beta()));
  }

  /** A parameter [C] as [1, C, 1, …], which broadcasts to x. */
  private static Value channels(GraphBuilder b, Value x, Value parameter) {
    int[] dims = new int[x.shape().rank()];
    Arrays.fill(dims, 1);
    dims[1] = x.shape().dim(1);
    return b.reshape(parameter, Shape.of(dims));
  }

  private static Value affine(
      GraphBuilder b,
      Value x,
      Value mean,
      Value variance,
      double epsilon,
      Value scale,
      Value bias) {
    Value deviation = b.unary(UnaryFunction.SQRT, b.add(variance, epsilon));
    return b.add(b.mul(b.sub(x, mean), b.div(scale, deviation)), bias);
  }

  private static Value normalize(
      GraphBuilder b, Value x, List<Integer> axes, double epsilon, Value scale, Value bias) {
    return b.add(b.mul(standardize(b, x, axes, epsilon), scale), bias);
  }

  private static Value standardize(GraphBuilder b, Value x, List<Integer> axes, double epsilon) {
    Value centred = b.sub(x, mean(b, x, axes));
    Value variance = mean(b, b.mul(centred, centred), axes);
    return b.div(centred, b.unary(UnaryFunction.SQRT, b.add(variance, epsilon)));
  }

  private static Value mean(GraphBuilder b, Value x, List<Integer> axes) {
    int count = axes.stream().mapToInt(a -> x.shape().dim(a)).reduce(1, Math::multiplyExact);
    return b.binary(BinaryFunction.DIV, b.sum(x, axes), count);
  }

  private static List<Integer> axes(int from, Value x) {
    return IntStream.range(from, x.shape().rank()).boxed().toList();
  }

  private static Value groupNormalization(
      GraphBuilder b, Composite.GroupNormalization n, List<Value> in) {
    Value x = in.get(0);
    Shape shape = x.shape();
    int members = shape.axes(1, shape.rank()).size() / n.groups();
    Shape grouped = Shape.of(shape.dim(0), n.groups(), members);
    Value standard = standardize(b, b.reshape(x, grouped), List.of(2), n.epsilon());
    return b.add(
        b.mul(b.reshape(standard, shape), channels(b, x, in.get(1))), channels(b, x, in.get(2)));
  }

  private static Value layerNormalization(
      GraphBuilder b, Composite.LayerNormalization n, List<Value> in) {
    Value x = in.get(0);
    Value scaled = b.mul(standardize(b, x, axes(n.axis(), x), n.epsilon()), in.get(1));
    return in.size() < 3 ? scaled : b.add(scaled, in.get(2));
  }

  private static Value lrn(GraphBuilder b, Composite.LRN n, Value x) {
    int rank = x.shape().rank();
    List<Integer> before = new ArrayList<>(Collections.nCopies(rank, 0));
    List<Integer> after = new ArrayList<>(before);
    before.set(1, (n.size() - 1) / 2);
    after.set(1, n.size() - 1 - (n.size() - 1) / 2);
    Value squares = b.pad(b.mul(x, x), before, after, 0);
    Value sum = b.slice(squares, 1, 0, x.shape().dim(1));
    for (int k = 1; k < n.size(); k++) {
      sum = b.add(sum, b.slice(squares, 1, k, k + x.shape().dim(1)));
    }
    Value base = b.add(b.mul(sum, n.alpha() / n.size()), n.bias());
    return b.div(x, b.binary(BinaryFunction.POW, base, n.beta()));
  }

  // --- pooling --------------------------------------------------------------------------------

  private static Value padded(GraphBuilder b, Window w, Value x, double value) {
    List<Integer> before = new ArrayList<>(List.of(0, 0));
    List<Integer> after = new ArrayList<>(List.of(0, 0));
    before.addAll(w.padBegin());
    after.addAll(w.padEnd());
    return b.pad(x, before, after, value);
  }

  private static Value windows(GraphBuilder b, Window w, Value x, double padding) {
    return b.apply(new Primitive.Windows(w.unpadded()), padded(b, w, x, padding));
  }

  /**
   * All taps of a window on one axis, so that the first maximum is the first in row-major order.
   */
  private static Value taps(GraphBuilder b, Window w, Value x) {
    Value windows = windows(b, w, x, Double.NEGATIVE_INFINITY);
    Shape outer = windows.shape().axes(0, windows.shape().rank() - w.rank());
    return b.reshape(windows, outer.concat(Shape.of(shape(w.kernel()).size())));
  }

  private static Value maxPool(GraphBuilder b, Window w, Value x) {
    Value taps = taps(b, w, x);
    int last = taps.shape().rank() - 1;
    return b.reshape(b.apply(new Primitive.ReduceMax(last), taps), taps.shape().axes(0, last));
  }

  private static Value maxPoolGrad(GraphBuilder b, Window w, Value x, Value dy) {
    Value taps = taps(b, w, x);
    int last = taps.shape().rank() - 1;
    Value column = b.reshape(dy, dy.shape().concat(Shape.of(1)));
    Value spread = b.mul(firstMaximum(b, taps, last), column);
    Shape kernel = shape(w.kernel());
    return overlapAdd(b, w, b.reshape(spread, dy.shape().concat(kernel)), x.shape());
  }

  /** 1 at the first maximum along an axis, else 0; of x's shape and type. */
  public static Value firstMaximum(GraphBuilder b, Value x, int axis) {
    int extent = x.shape().dim(axis);
    int[] dims = new int[x.shape().rank()];
    Arrays.fill(dims, 1);
    dims[axis] = extent;
    long[] places = IntStream.range(0, extent).asLongStream().toArray();
    Value index = b.constant(Tensor.of(Shape.of(dims), places));
    Value winner = b.apply(new Primitive.ArgMax(axis), x);
    return b.cast(b.compare(Comparison.EQUAL, index, winner), x.element());
  }

  private static Value overlapAdd(GraphBuilder b, Window w, Value windows, Shape operand) {
    List<Integer> padded = new ArrayList<>();
    for (int a = 0; a < w.rank(); a++) {
      padded.add(operand.dim(a + 2) + w.padBegin().get(a) + w.padEnd().get(a));
    }
    Value sum = b.apply(new Primitive.OverlapAdd(w.unpadded(), padded), windows);
    for (int a = 0; a < w.rank(); a++) {
      int start = w.padBegin().get(a);
      sum = b.slice(sum, a + 2, start, start + operand.dim(a + 2));
    }
    return sum;
  }

  /** How many elements each window averages over, [1, 1, outputs…]. */
  private static Value counts(
      GraphBuilder b, Window w, boolean countIncludePad, Shape operand, Value like) {
    double[] counts = {1};
    int[] dims = new int[w.rank() + 2];
    Arrays.fill(dims, 1);
    for (int a = 0; a < w.rank(); a++) {
      int extent = operand.dim(a + 2);
      dims[a + 2] = w.outputs(a, extent);
      double[] wider = new double[counts.length * dims[a + 2]];
      for (int i = 0; i < wider.length; i++) {
        wider[i] = counts[i / dims[a + 2]] * taps(w, a, extent, i % dims[a + 2], countIncludePad);
      }
      counts = wider;
    }
    return b.constant(Tensor.of(Shape.of(dims), counts).to(like.element()));
  }

  private static int taps(Window w, int axis, int extent, int output, boolean countIncludePad) {
    int start = output * w.strides().get(axis) - w.padBegin().get(axis);
    return (int)
        IntStream.range(0, w.kernel().get(axis))
            .map(k -> start + k * w.dilations().get(axis))
            .filter(i -> countIncludePad || (i >= 0 && i < extent))
            .count();
  }

  private static Value averagePoolGrad(GraphBuilder b, Composite.AveragePoolGrad p, Value dy) {
    Window w = p.window();
    Shape operand = dy.shape().axes(0, 2).concat(shape(p.extents()));
    Value share = b.div(dy, counts(b, w, p.countIncludePad(), operand, dy));
    int[] ones = new int[w.rank()];
    Arrays.fill(ones, 1);
    Value column = b.reshape(share, dy.shape().concat(Shape.of(ones)));
    Value windows = b.expand(column, dy.shape().concat(shape(w.kernel())));
    return overlapAdd(b, w, windows, operand);
  }

  private static Value resize(GraphBuilder b, Composite.Resize r, Value x) {
    Value result = x;
    for (int axis = 0; axis < x.shape().rank(); axis++) {
      int in = x.shape().dim(axis);
      int out = r.extents().get(axis);
      if (in != out) {
        Tensor matrix = r.interpolation().matrix(in, out).to(x.element());
        result = alongAxis(b, result, axis, b.constant(matrix));
      }
    }
    return result;
  }

  /** The product with a matrix [out, in] along one axis. */
  private static Value alongAxis(GraphBuilder b, Value x, int axis, Value matrix) {
    List<Integer> swap = new ArrayList<>(IntStream.range(0, x.shape().rank()).boxed().toList());
    Collections.swap(swap, axis, x.shape().rank() - 1);
    Value last = b.transpose(x, swap);
    Shape outer = last.shape().axes(0, last.shape().rank() - 1);
    Value rows = b.reshape(last, Shape.of(outer.size(), last.shape().dim(-1)));
    Value product = b.apply(new Primitive.MatMul(false, true), rows, matrix);
    Shape shape = last.shape().with(-1, matrix.shape().dim(0));
    return b.transpose(b.reshape(product, shape), swap);
  }

  private static Shape shape(List<Integer> extents) {
    return Shape.of(extents.stream().mapToInt(Integer::intValue).toArray());
  }
}
