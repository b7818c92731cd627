package wherefore.method.deeplift;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Node;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.propagate.Step;
import wherefore.propagate.Vjp;

/**
 * Which nodes are linear (up to a constant) in what differs from the reference, and their Jacobians
 * J and |J|, element by element.
 */
final class Linearity {
  private Linearity() {}

  /** The places of the operands that differ. */
  static Set<Integer> places(List<Value> operands, Predicate<Value> differs) {
    return IntStream.range(0, operands.size())
        .filter(i -> differs.test(operands.get(i)))
        .boxed()
        .collect(Collectors.toSet());
  }

  /**
   * True if a node is linear in the operands at these places.
   *
   * @param operands all operands
   */
  static boolean isLinear(Op op, List<Value> operands, Set<Integer> places) {
    return switch (op) {
      case Primitive.Unary u -> u.function() == UnaryFunction.NEG;
      case Primitive.Binary f -> isLinear(f.function(), places);
      case Primitive.Cast c -> c.to().isFloating() && operands.get(0).element().isFloating();
      case Primitive.MatMul m -> places.size() == 1;
      case Primitive.Conv c -> !places.contains(1);
      case Primitive.ConvTranspose c -> !places.contains(1);
      case Primitive.Gather g -> !places.contains(1);
      case Primitive.ScatterAdd a -> !places.contains(1);
      case Primitive.Concat c -> true;
      case Primitive.Reshape r -> true;
      case Primitive.Transpose t -> true;
      case Primitive.Reverse r -> true;
      case Primitive.Slice s -> true;
      case Primitive.Pad p -> true;
      case Primitive.Expand e -> true;
      case Primitive.ReduceSum r -> true;
      case Primitive.Windows w -> true;
      case Primitive.OverlapAdd o -> true;
      case Composite.AveragePool p -> true;
      default -> false;
    };
  }

  private static boolean isLinear(BinaryFunction function, Set<Integer> places) {
    return switch (function) {
      case ADD, SUB -> true;
      case MUL -> places.size() == 1;
      case DIV -> !places.contains(1);
      default -> false;
    };
  }

  /** True if a linear node adds up several elements: what DeepLIFT calls a neuron. */
  static boolean isSum(Op op) {
    return switch (op) {
      case Primitive.MatMul m -> true;
      case Primitive.Conv c -> true;
      case Primitive.ConvTranspose c -> true;
      case Primitive.ReduceSum r -> true;
      case Primitive.ScatterAdd a -> true;
      case Primitive.OverlapAdd o -> true;
      case Composite.AveragePool p -> true;
      default -> false;
    };
  }

  /** J' of what arrives, for each operand that is wanted. */
  static Map<Integer, Value> transposed(Step s) {
    return Vjp.book().find(s.node()).orElseThrow().rule().propagate(s);
  }

  /** |J|' of something, for each operand that is wanted. */
  static Map<Integer, Value> transposedAbsolute(Step s, Value arriving) {
    if (s.op() instanceof Primitive.Unary) {
      return Map.of(0, arriving);
    }
    List<Value> operands = operands(s.op(), s.inputs(), s.wanted());
    Node node = s.node();
    Node absolute =
        new Node(node.id(), absolute(node.op()), node.inputs(), node.type(), node.origin());
    return transposed(new Step(s.builder(), absolute, operands, s.output(), arriving, s.wanted()));
  }

  /** |J| times something. */
  static Value absolute(GraphBuilder b, Node node, List<Value> operands, Set<Integer> places) {
    if (node.op() instanceof Primitive.Unary) {
      return operands.get(0);
    }
    boolean hasBias =
        node.op() instanceof Primitive.Conv || node.op() instanceof Primitive.ConvTranspose;
    List<Value> all = operands(node.op(), operands, places);
    return b.apply(absolute(node.op()), hasBias ? all.subList(0, 2) : all);
  }

  private static List<Value> operands(Op op, List<Value> operands, Set<Integer> places) {
    return IntStream.range(0, operands.size())
        .mapToObj(i -> places.contains(i) ? operands.get(i) : fixed(op, operands.get(i)))
        .toList();
  }

  /** A factor's absolute value; 0 for a term. */
  private static Value fixed(Op op, Value operand) {
    return switch (op) {
      case Primitive.Binary f -> isTerm(f.function()) ? zero(operand) : size(operand);
      case Primitive.Concat c -> zero(operand);
      case Primitive.Gather g -> operand;
      case Primitive.ScatterAdd a -> operand;
      default -> size(operand);
    };
  }

  private static boolean isTerm(BinaryFunction function) {
    return function == BinaryFunction.ADD || function == BinaryFunction.SUB;
  }

  private static Value size(Value operand) {
    return operand.builder().unary(UnaryFunction.ABS, operand);
  }

  private static Value zero(Value like) {
    GraphBuilder b = like.builder();
    return b.expand(b.number(0, like), like.shape());
  }

  private static Op absolute(Op op) {
    return switch (op) {
      case Primitive.Binary f ->
          f.function() == BinaryFunction.SUB ? new Primitive.Binary(BinaryFunction.ADD) : f;
      case Primitive.Pad p -> new Primitive.Pad(p.before(), p.after(), p.between(), 0);
      default -> op;
    };
  }
}
