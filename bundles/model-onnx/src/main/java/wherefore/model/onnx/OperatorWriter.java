package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.Window;
import wherefore.model.ModelException;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** The table from our operators to ONNX nodes. */
final class OperatorWriter {
  private final GraphWriter out;

  OperatorWriter(GraphWriter out) {
    this.out = out;
  }

  /**
   * Refuses a graph with operators that ONNX has no form of.
   *
   * @throws ModelException listing them all
   */
  static void refuseGaps(String model, Graph graph) throws ModelException {
    List<String> gaps =
        graph.nodes().stream().filter(n -> !isExpressible(n.op())).map(Node::describe).toList();
    if (!gaps.isEmpty()) {
      throw new ModelException(
          "model %s can't be written as ONNX, which has no form of %s"
              .formatted(model, String.join(", ", gaps)));
    }
  }

  private static boolean isExpressible(Op op) {
    return switch (op) {
      case Primitive.ScatterAdd s -> false;
      case Primitive.Windows w -> false;
      case Primitive.OverlapAdd o -> false;
      case Primitive.Pad p -> p.between().stream().allMatch(b -> b == 0);
      case Composite.MaxPoolGrad g -> false;
      case Composite.AveragePoolGrad g -> false;
      default -> true;
    };
  }

  void write(Node node) {
    switch (node.op()) {
      case Leaf leaf -> throw new AssertionError(leaf);
      case Primitive primitive -> primitive(node, primitive);
      case Composite.Activation activation -> activation(node, activation);
      case Composite composite -> composite(node, composite);
    }
  }

  private void emit(Node node, String type, AttributeProto... attributes) {
    out.emit(type, operands(node), out.result(node), attributes);
  }

  private List<String> operands(Node node) {
    return IntStream.range(0, node.inputs().size()).mapToObj(i -> out.operand(node, i)).toList();
  }

  /** With operands that the file's operator takes and ours has as attributes. */
  private void emit(Node node, String type, List<String> more, AttributeProto... attributes) {
    List<String> all = new ArrayList<>(operands(node));
    all.addAll(more);
    out.emit(type, all, out.result(node), attributes);
  }

  private static String title(Enum<?> function) {
    String name = function.name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  // --- primitives -----------------------------------------------------------------------------

  private void primitive(Node node, Primitive op) {
    switch (op) {
      case Primitive.Unary u -> emit(node, title(u.function()));
      case Primitive.Binary b -> binary(node, b.function());
      case Primitive.Compare c ->
          emit(
              node,
              switch (c.relation()) {
                case EQUAL -> "Equal";
                case LESS -> "Less";
                case LESS_OR_EQUAL -> "LessOrEqual";
              });
      case Primitive.Where w -> emit(node, "Where");
      case Primitive.Cast c -> emit(node, "Cast", Attribute.of("to", GraphWriter.type(c.to())));
      case Primitive.Concat c -> emit(node, "Concat", Attribute.of("axis", c.axis()));
      case Primitive.Reshape r ->
          emit(
              node,
              "Reshape",
              List.of(out.extents().shape(r.shape(), out.extents().twin(node).shape(), true)));
      case Primitive.Transpose t -> emit(node, "Transpose", Attribute.of("perm", t.permutation()));
      case Primitive.Reverse r -> reverse(node, r.axes());
      case Primitive.Slice s -> slice(node, s);
      case Primitive.Pad p -> pad(node, p);
      case Primitive.Expand e ->
          emit(
              node,
              "Expand",
              List.of(out.extents().shape(e.shape(), out.extents().twin(node).shape(), false)));
      case Primitive.ReduceSum r -> emit(node, "ReduceSum", List.of(out.integers(r.axes())));
      case Primitive.ReduceMax r ->
          emit(node, "ReduceMax", List.of(out.integers(List.of(r.axis()))));
      case Primitive.ArgMax a -> emit(node, "ArgMax", Attribute.of("axis", a.axis()));
      case Primitive.MatMul m -> matMul(node, m);
      case Primitive.Conv c -> emit(node, "Conv", window(c.window(), group(c.group())));
      case Primitive.ConvTranspose c ->
          emit(
              node,
              "ConvTranspose",
              window(
                  c.window(), group(c.group()), Attribute.of("output_padding", c.outputPadding())));
      case Primitive.Gather g -> emit(node, "Gather", Attribute.of("axis", g.axis()));
      case Primitive.ScatterAdd s -> throw new AssertionError(s);
      case Primitive.Windows w -> throw new AssertionError(w);
      case Primitive.OverlapAdd o -> throw new AssertionError(o);
    }
  }

  private static AttributeProto group(int group) {
    return Attribute.of("group", group);
  }

  private static AttributeProto[] window(Window w, AttributeProto... more) {
    List<Integer> pads = new ArrayList<>(w.padBegin());
    pads.addAll(w.padEnd());
    List<AttributeProto> all =
        new ArrayList<>(
            List.of(
                Attribute.of("kernel_shape", w.kernel()),
                Attribute.of("strides", w.strides()),
                Attribute.of("dilations", w.dilations()),
                Attribute.of("pads", pads)));
    Collections.addAll(all, more);
    return all.toArray(AttributeProto[]::new);
  }

  /** ONNX's Mod has the sign of the dividend where numbers are floating. */
  private void binary(Node node, BinaryFunction function) {
    if (function != BinaryFunction.MOD || !node.type().element().isFloating()) {
      emit(node, title(function));
      return;
    }
    List<String> in = operands(node);
    String quotient = then("Div", in.get(0), in.get(1));
    String whole = then("Mul", then("Floor", quotient), in.get(1));
    out.emit("Sub", List.of(in.get(0), whole), out.result(node));
  }

  private String then(String type, String... operands) {
    String result = out.between();
    out.emit(type, List.of(operands), result);
    return result;
  }

  private void reverse(Node node, List<Integer> axes) {
    long[] last = new long[axes.size()];
    java.util.Arrays.fill(last, Long.MIN_VALUE);
    String back = out.integers(Collections.nCopies(axes.size(), -1));
    String ends = out.literal(Tensor.of(Shape.of(last.length), last));
    emit(node, "Slice", List.of(back, ends, out.integers(axes), back));
  }

  /** Axes that are taken whole need no mention. */
  private void slice(Node node, Primitive.Slice s) {
    Primitive.Slice twin = (Primitive.Slice) out.extents().twin(node).op();
    List<Integer> axes = new ArrayList<>();
    for (int a = 0; a < s.starts().size(); a++) {
      boolean same = s.ends().get(a).equals(twin.ends().get(a));
      boolean whole =
          s.starts().get(a) == 0
              && s.steps().get(a) == 1
              && s.ends().get(a).equals(node.shape().dim(a))
              && out.extents().isWhole(node, a);
      if (!same && !whole) {
        throw new FixedBatchException(node.describe() + " cuts across it");
      }
      if (!whole) {
        axes.add(a);
      }
    }
    emit(
        node,
        "Slice",
        List.of(
            out.integers(axes.stream().map(s.starts()::get).toList()),
            out.integers(axes.stream().map(s.ends()::get).toList()),
            out.integers(axes),
            out.integers(axes.stream().map(s.steps()::get).toList())));
  }

  private void pad(Node node, Primitive.Pad p) {
    List<Integer> pads = new ArrayList<>(p.before());
    pads.addAll(p.after());
    emit(node, "Pad", List.of(out.integers(pads), number(p.value(), node.type().element())));
  }

  private String number(double value, ElementType element) {
    return out.literal(Tensor.scalar(value).to(element));
  }

  private void matMul(Node node, Primitive.MatMul m) {
    int rank = node.shape().rank();
    String a = swapped(out.operand(node, 0), m.transposeA(), rank);
    String b = swapped(out.operand(node, 1), m.transposeB(), rank);
    out.emit("MatMul", List.of(a, b), out.result(node));
  }

  private String swapped(String operand, boolean swap, int rank) {
    if (!swap) {
      return operand;
    }
    List<Integer> order = Axes.range(rank);
    Collections.swap(order, rank - 2, rank - 1);
    String result = out.between();
    out.emit("Transpose", List.of(operand), result, Attribute.of("perm", order));
    return result;
  }

  // --- composites -----------------------------------------------------------------------------

  private void activation(Node node, Composite.Activation op) {
    switch (op) {
      case Composite.Relu r -> emit(node, "Relu");
      case Composite.LeakyRelu r -> emit(node, "LeakyRelu", Attribute.of("alpha", r.alpha()));
      case Composite.ThresholdedRelu r ->
          emit(node, "ThresholdedRelu", Attribute.of("alpha", r.alpha()));
      case Composite.Elu e -> emit(node, "Elu", Attribute.of("alpha", e.alpha()));
      case Composite.Celu c -> emit(node, "Celu", Attribute.of("alpha", c.alpha()));
      case Composite.Selu s ->
          emit(node, "Selu", Attribute.of("alpha", s.alpha()), Attribute.of("gamma", s.gamma()));
      case Composite.Gelu g ->
          emit(node, "Gelu", Attribute.of("approximate", g.tanhApproximation() ? "tanh" : "none"));
      case Composite.Swish s -> swish(node, s.beta());
      case Composite.Mish m -> emit(node, "Mish");
      case Composite.Softplus s -> emit(node, "Softplus");
      case Composite.Softsign s -> emit(node, "Softsign");
      case Composite.HardSigmoid h ->
          emit(
              node,
              "HardSigmoid",
              Attribute.of("alpha", h.alpha()),
              Attribute.of("beta", h.beta()));
      case Composite.HardSwish h -> emit(node, "HardSwish");
      case Composite.Clip c ->
          emit(
              node,
              "Clip",
              List.of(
                  number(c.min(), node.type().element()), number(c.max(), node.type().element())));
    }
  }

  /** The operator itself is newer than the set that is written. */
  private void swish(Node node, double beta) {
    String x = out.operand(node, 0);
    String scaled = beta == 1 ? x : then("Mul", x, number(beta, node.type().element()));
    out.emit("Mul", List.of(x, then("Sigmoid", scaled)), out.result(node));
  }

  private void composite(Node node, Composite op) {
    switch (op) {
      case Composite.Activation a -> throw new AssertionError(a);
      case Composite.PRelu p -> emit(node, "PRelu");
      case Composite.Softmax s -> emit(node, "Softmax", Attribute.of("axis", s.axis()));
      case Composite.LogSoftmax s -> emit(node, "LogSoftmax", Attribute.of("axis", s.axis()));
      case Composite.Gemm g ->
          emit(
              node,
              "Gemm",
              Attribute.of("alpha", g.alpha()),
              Attribute.of("beta", g.beta()),
              Attribute.of("transA", g.transposeA()),
              Attribute.of("transB", g.transposeB()));
      case Composite.BatchNormalization b -> emit(node, "BatchNormalization", epsilon(b.epsilon()));
      case Composite.InstanceNormalization i ->
          emit(node, "InstanceNormalization", epsilon(i.epsilon()));
      case Composite.GroupNormalization g ->
          emit(
              node,
              "GroupNormalization",
              Attribute.of("num_groups", g.groups()),
              epsilon(g.epsilon()));
      case Composite.LayerNormalization l ->
          emit(node, "LayerNormalization", Attribute.of("axis", l.axis()), epsilon(l.epsilon()));
      case Composite.LRN l ->
          emit(
              node,
              "LRN",
              Attribute.of("size", l.size()),
              Attribute.of("alpha", l.alpha()),
              Attribute.of("beta", l.beta()),
              Attribute.of("bias", l.bias()));
      case Composite.ReduceMean r -> emit(node, "ReduceMean", List.of(out.integers(r.axes())));
      case Composite.MaxPool p -> emit(node, "MaxPool", window(p.window()));
      case Composite.AveragePool p ->
          emit(
              node,
              "AveragePool",
              window(p.window(), Attribute.of("count_include_pad", p.countIncludePad())));
      case Composite.Resize r -> resize(node, r);
      case Composite.MaxPoolGrad g -> throw new AssertionError(g);
      case Composite.AveragePoolGrad g -> throw new AssertionError(g);
    }
  }

  private static AttributeProto epsilon(double epsilon) {
    return Attribute.of("epsilon", epsilon);
  }

  /** Only the axes that change are named, so that the batch may be anything. */
  private void resize(Node node, Composite.Resize r) {
    Shape from = out.extents().operandShape(node);
    List<Integer> axes =
        IntStream.range(0, from.rank())
            .filter(a -> from.dim(a) != r.extents().get(a))
            .boxed()
            .toList();
    emit(
        node,
        "Resize",
        List.of("", "", out.integers(axes.stream().map(r.extents()::get).toList())),
        Attribute.of("axes", axes),
        Attribute.of("mode", r.interpolation().mode().name().toLowerCase(Locale.ROOT)),
        Attribute.of(
            "coordinate_transformation_mode",
            r.interpolation().coordinates().name().toLowerCase(Locale.ROOT)),
        Attribute.of("nearest_mode", r.interpolation().rounding().name().toLowerCase(Locale.ROOT)),
        Attribute.of("cubic_coeff_a", r.interpolation().cubicCoefficient()));
  }
}
