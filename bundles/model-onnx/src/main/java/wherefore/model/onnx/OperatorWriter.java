package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.model.ModelException;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** The table from our operators to ONNX nodes; composites have one of their own. */
final class OperatorWriter {
  private final GraphWriter out;
  private final NodeWriter nodes;
  private final CompositeWriter composites;

  OperatorWriter(GraphWriter out) {
    this.out = out;
    this.nodes = new NodeWriter(out);
    this.composites = new CompositeWriter(out, nodes);
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
      case Composite composite -> composites.write(node, composite);
    }
  }

  private static String title(Enum<?> function) {
    String name = function.name();
    return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
  }

  private void primitive(Node node, Primitive op) {
    switch (op) {
      case Primitive.Unary u -> nodes.emit(node, title(u.function()));
      case Primitive.Binary b -> binary(node, b.function());
      case Primitive.Compare c ->
          nodes.emit(
              node,
              switch (c.relation()) {
                case EQUAL -> "Equal";
                case LESS -> "Less";
                case LESS_OR_EQUAL -> "LessOrEqual";
              });
      case Primitive.Where w -> nodes.emit(node, "Where");
      case Primitive.Cast c ->
          nodes.emit(node, "Cast", Attribute.of("to", GraphWriter.type(c.to())));
      case Primitive.Concat c -> nodes.emit(node, "Concat", Attribute.of("axis", c.axis()));
      case Primitive.Reshape r ->
          nodes.emit(
              node,
              "Reshape",
              List.of(out.extents().shape(r.shape(), out.extents().twin(node).shape(), true)));
      case Primitive.Transpose t ->
          nodes.emit(node, "Transpose", Attribute.of("perm", t.permutation()));
      case Primitive.Reverse r -> reverse(node, r.axes());
      case Primitive.Slice s -> slice(node, s);
      case Primitive.Pad p -> pad(node, p);
      case Primitive.Expand e ->
          nodes.emit(
              node,
              "Expand",
              List.of(out.extents().shape(e.shape(), out.extents().twin(node).shape(), false)));
      case Primitive.ReduceSum r -> nodes.emit(node, "ReduceSum", List.of(out.integers(r.axes())));
      case Primitive.ReduceMax r ->
          nodes.emit(node, "ReduceMax", List.of(out.integers(List.of(r.axis()))));
      case Primitive.ArgMax a -> nodes.emit(node, "ArgMax", Attribute.of("axis", a.axis()));
      case Primitive.MatMul m -> matMul(node, m);
      case Primitive.Conv c ->
          nodes.emit(node, "Conv", NodeWriter.window(c.window(), group(c.group())));
      case Primitive.ConvTranspose c ->
          nodes.emit(
              node,
              "ConvTranspose",
              NodeWriter.window(
                  c.window(), group(c.group()), Attribute.of("output_padding", c.outputPadding())));
      case Primitive.Gather g -> nodes.emit(node, "Gather", Attribute.of("axis", g.axis()));
      case Primitive.ScatterAdd s -> throw new AssertionError(s);
      case Primitive.Windows w -> throw new AssertionError(w);
      case Primitive.OverlapAdd o -> throw new AssertionError(o);
    }
  }

  private static AttributeProto group(int group) {
    return Attribute.of("group", group);
  }

  /** ONNX's Mod has the sign of the dividend where numbers are floating. */
  private void binary(Node node, BinaryFunction function) {
    if (function != BinaryFunction.MOD || !node.type().element().isFloating()) {
      nodes.emit(node, title(function));
      return;
    }
    List<String> in = nodes.operands(node);
    String quotient = nodes.then("Div", in.get(0), in.get(1));
    String whole = nodes.then("Mul", nodes.then("Floor", quotient), in.get(1));
    out.emit("Sub", List.of(in.get(0), whole), out.result(node));
  }

  private void reverse(Node node, List<Integer> axes) {
    long[] last = new long[axes.size()];
    Arrays.fill(last, Long.MIN_VALUE);
    String back = out.integers(Collections.nCopies(axes.size(), -1));
    String ends = out.literal(Tensor.of(Shape.of(last.length), last));
    nodes.emit(node, "Slice", List.of(back, ends, out.integers(axes), back));
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
    nodes.emit(
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
    nodes.emit(
        node, "Pad", List.of(out.integers(pads), nodes.number(p.value(), node.type().element())));
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
}
