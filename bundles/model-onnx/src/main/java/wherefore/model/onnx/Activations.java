package wherefore.model.onnx;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Lowering;
import wherefore.graph.Op;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** The functions that networks use between linear layers, and the softmaxes. */
final class Activations {
  private static final double SELU_ALPHA = 1.6732632423543772848170429916717;
  private static final double SELU_GAMMA = 1.0507009873554804934193349852946;

  private Activations() {}

  static void register(Operators table) {
    table.add("Relu", 1, Activations::relu);
    add(table, "LeakyRelu", 1, a -> new Composite.LeakyRelu(a.number("alpha", 0.01)));
    add(table, "ThresholdedRelu", 1, a -> new Composite.ThresholdedRelu(a.number("alpha", 1)));
    add(table, "Elu", 1, a -> new Composite.Elu(a.number("alpha", 1)));
    add(table, "Celu", 12, a -> new Composite.Celu(a.number("alpha", 1)));
    add(
        table,
        "Selu",
        1,
        a -> new Composite.Selu(a.number("alpha", SELU_ALPHA), a.number("gamma", SELU_GAMMA)));
    add(table, "Gelu", 20, a -> new Composite.Gelu(a.text("approximate", "none").equals("tanh")));
    add(table, "Swish", 24, a -> new Composite.Swish(a.number("alpha", 1)));
    add(table, "Mish", 18, a -> new Composite.Mish());
    add(table, "Softplus", 1, a -> new Composite.Softplus());
    add(table, "Softsign", 1, a -> new Composite.Softsign());
    add(
        table,
        "HardSigmoid",
        1,
        a -> new Composite.HardSigmoid(a.number("alpha", 0.2), a.number("beta", 0.5)));
    add(table, "HardSwish", 14, a -> new Composite.HardSwish());
    table.add("com.microsoft", "Gelu", 1, c -> c.b().apply(new Composite.Gelu(false), c.x()));
    table.add(
        "com.microsoft",
        "QuickGelu",
        1,
        c -> c.b().apply(new Composite.Swish(c.attributes().number("alpha", 1.702)), c.x()));
    table.add(
        "SwiGLU",
        28,
        c ->
            c.b()
                .mul(
                    c.b().apply(new Composite.Swish(c.attributes().number("alpha", 1)), c.x()),
                    c.in(1)));
    table.add("com.microsoft", "BiasGelu", 1, c -> biased(c, new Composite.Gelu(false)));
    table.add("com.microsoft", "FastGelu", 1, c -> biased(c, new Composite.Gelu(true)));
    table.add("PRelu", 1, Activations::prelu);
    table.add("Clip", 1, c -> c.b().apply(clip(c.attributes()), c.x()));
    table.add("Clip", 11, Activations::clip);
    table.add("Shrink", 9, Activations::shrink);
    table.add("Softmax", 1, c -> flattened(c, Composite.Softmax::new));
    table.add("Softmax", 13, c -> along(c, Composite.Softmax::new));
    table.add("LogSoftmax", 1, c -> flattened(c, Composite.LogSoftmax::new));
    table.add("LogSoftmax", 13, c -> along(c, Composite.LogSoftmax::new));
    table.add("Hardmax", 1, Activations::hardmax);
    table.add("Hardmax", 13, c -> Lowering.firstMaximum(c.b(), c.x(), axis(c, -1)));
  }

  private static void add(
      Operators table, String type, int since, Function<Attributes, Composite> op) {
    table.add(type, since, c -> c.b().apply(op.apply(c.attributes()), c.x()));
  }

  private static Value biased(Call c, Composite function) {
    return c.b().apply(function, c.has(1) ? c.b().add(c.x(), c.in(1)) : c.x());
  }

  private static Value relu(Call c) {
    return c.x().element().isFloating()
        ? c.b().apply(new Composite.Relu(), c.x())
        : c.b().binary(BinaryFunction.MAX, c.x(), 0);
  }

  /** Before opset 7 a slope of rank 1 belongs to the channels. */
  private static Value prelu(Call c) {
    Value slope = c.like(c.in(1), c.x());
    int rank = c.x().shape().rank();
    if (c.opset() < 7 && slope.shape().rank() == 1 && slope.shape().size() > 1 && rank > 1) {
      int[] dims = new int[rank - 1];
      Arrays.fill(dims, 1);
      dims[0] = slope.shape().size();
      slope = c.b().reshape(slope, Shape.of(dims));
    }
    return c.b().apply(new Composite.PRelu(), c.x(), slope);
  }

  private static Composite clip(Attributes a) {
    return new Composite.Clip(
        a.number("min", Double.NEGATIVE_INFINITY), a.number("max", Double.POSITIVE_INFINITY));
  }

  private static Value clip(Call c) {
    Optional<Tensor> min = c.has(1) ? c.constant(1) : Optional.empty();
    Optional<Tensor> max = c.has(2) ? c.constant(2) : Optional.empty();
    boolean known = c.has(1) == min.isPresent() && c.has(2) == max.isPresent();
    if (known && c.x().element().isFloating()) {
      return c.b()
          .apply(
              new Composite.Clip(
                  min.map(Activations::number).orElse(Double.NEGATIVE_INFINITY),
                  max.map(Activations::number).orElse(Double.POSITIVE_INFINITY)),
              c.x());
    }
    GraphBuilder b = c.b();
    Value low = c.has(1) ? b.binary(BinaryFunction.MAX, c.x(), c.in(1)) : c.x();
    return c.has(2) ? b.binary(BinaryFunction.MIN, low, c.in(2)) : low;
  }

  private static double number(Tensor scalar) {
    return scalar.get(0);
  }

  private static Value shrink(Call c) {
    GraphBuilder b = c.b();
    Value x = c.x();
    double bias = c.attributes().number("bias", 0);
    Value lambda = b.number(c.attributes().number("lambd", 0.5), x);
    Value above = b.compare(Comparison.LESS, lambda, x);
    Value below = b.compare(Comparison.LESS, x, b.neg(lambda));
    Value outer = b.where(below, b.add(x, bias), b.number(0, x));
    return b.where(above, b.add(x, -bias), outer);
  }

  private static Value hardmax(Call c) {
    Shape shape = c.x().shape();
    int axis = axis(c, 1);
    Shape matrix = Shape.of(shape.axes(0, axis).size(), shape.axes(axis, shape.rank()).size());
    Value largest = Lowering.firstMaximum(c.b(), c.b().reshape(c.x(), matrix), 1);
    return c.b().reshape(largest, shape);
  }

  private static int axis(Call c, int otherwise) {
    return c.x().shape().axis(c.attributes().integer("axis", otherwise));
  }

  private static Value along(Call c, Function<Integer, Op> op) {
    return c.b().apply(op.apply(axis(c, -1)), c.x());
  }

  /** Before opset 13 all axes from the named one on are one. */
  private static Value flattened(Call c, Function<Integer, Op> op) {
    Shape shape = c.x().shape();
    int axis = shape.rank() == 1 ? 0 : axis(c, 1);
    if (axis == shape.rank() - 1) {
      return c.b().apply(op.apply(axis), c.x());
    }
    Shape matrix = Shape.of(shape.axes(0, axis).size(), shape.axes(axis, shape.rank()).size());
    return c.b().reshape(c.b().apply(op.apply(1), c.b().reshape(c.x(), matrix)), shape);
  }
}
