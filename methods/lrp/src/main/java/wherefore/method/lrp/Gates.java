package wherefore.method.lrp;

import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;

/**
 * Which factors only open and close: sigmoids, hard sigmoids, and a constant more than a bounded
 * function, as approximations of GELU have it.
 */
final class Gates {
  private Gates() {}

  static boolean isGate(Value value) {
    return isGate(value.builder(), value.node());
  }

  private static boolean isGate(GraphBuilder b, Node node) {
    return switch (node.op()) {
      case Primitive.Unary u -> u.function() == UnaryFunction.SIGMOID;
      case Composite.HardSigmoid h -> true;
      case Composite.Clip c -> c.min() == 0 && Double.isFinite(c.max());
      case Primitive.Binary f ->
          switch (f.function()) {
            case ADD -> constant(b, node) >= 0 && isShifted(b, other(b, node));
            case MUL, DIV -> constant(b, node) >= 0 && isGate(b, other(b, node));
            default -> false;
          };
      case Primitive.Reshape r -> isGate(b, operand(b, node, 0));
      case Primitive.Transpose t -> isGate(b, operand(b, node, 0));
      case Primitive.Slice s -> isGate(b, operand(b, node, 0));
      case Primitive.Expand e -> isGate(b, operand(b, node, 0));
      default -> false;
    };
  }

  /** True for what a constant makes a gate of: 1 + tanh, 1 + erf. */
  private static boolean isShifted(GraphBuilder b, Node node) {
    boolean bounded =
        node.op() instanceof Primitive.Unary u
            && (u.function() == UnaryFunction.TANH || u.function() == UnaryFunction.ERF);
    return bounded || isGate(b, node);
  }

  private static Node operand(GraphBuilder b, Node node, int place) {
    return b.value(node.inputs().get(place)).node();
  }

  /** The place of a constant operand, or −1. */
  private static int constant(GraphBuilder b, Node node) {
    for (int i = 0; i < node.inputs().size(); i++) {
      Node in = operand(b, node, i);
      Node source = in.op() instanceof Primitive.Expand ? operand(b, in, 0) : in;
      if (source.op() instanceof Leaf.Constant) {
        return i;
      }
    }
    return -1;
  }

  private static Node other(GraphBuilder b, Node node) {
    return operand(b, node, 1 - constant(b, node));
  }
}
