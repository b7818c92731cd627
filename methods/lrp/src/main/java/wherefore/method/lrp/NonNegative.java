package wherefore.method.lrp;

import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;

/** Which values can't be negative, as their operators say. */
final class NonNegative {
  private NonNegative() {}

  static boolean is(Value value) {
    return is(value.builder(), value.node());
  }

  private static boolean is(GraphBuilder b, Node node) {
    return switch (node.op()) {
      case Composite.Relu r -> true;
      case Composite.ThresholdedRelu r -> r.alpha() >= 0;
      case Composite.Clip c -> c.min() >= 0;
      case Composite.Softplus s -> true;
      case Composite.HardSigmoid s -> true;
      case Composite.Softmax s -> true;
      case Primitive.Unary u -> isNonNegative(u.function());
      case Primitive.Binary f ->
          (f.function() == BinaryFunction.ADD || f.function() == BinaryFunction.MUL)
              && all(b, node);
      case Primitive.Pad p -> p.value() >= 0 && first(b, node);
      case Composite.MaxPool p -> first(b, node);
      case Composite.AveragePool p -> first(b, node);
      case Composite.ReduceMean r -> first(b, node);
      case Primitive.ReduceSum r -> first(b, node);
      case Primitive.ReduceMax r -> first(b, node);
      case Primitive.Reshape r -> first(b, node);
      case Primitive.Transpose t -> first(b, node);
      case Primitive.Slice s -> first(b, node);
      case Primitive.Expand e -> first(b, node);
      case Primitive.Concat c -> all(b, node);
      case Leaf.Constant c -> c.value().size() == 1 && c.value().get(0) >= 0;
      default -> false;
    };
  }

  private static boolean isNonNegative(UnaryFunction function) {
    return switch (function) {
      case ABS, EXP, SQRT, SIGMOID, COSH -> true;
      default -> false;
    };
  }

  private static boolean first(GraphBuilder b, Node node) {
    return is(b, b.value(node.inputs().get(0)).node());
  }

  private static boolean all(GraphBuilder b, Node node) {
    return node.inputs().stream().allMatch(in -> is(b, b.value(in).node()));
  }
}
