package wherefore.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import wherefore.tensor.Tensor;

/** The table from an operator to the operands that it is affine in, all of them together. */
final class Linearity {
  private Linearity() {}

  /**
   * The operands in which, taken together, a node is affine while all others stay as they are;
   * empty if it is not.
   *
   * @param varies whether the operand at a place changes
   */
  static Set<Integer> places(Graph graph, Node node, IntPredicate varies) {
    boolean floating =
        node.type().element().isFloating()
            && graph.operands(node).stream().anyMatch(o -> o.type().element().isFloating());
    if (!floating) {
      return Set.of();
    }
    return switch (node.op()) {
      case Leaf l -> Set.of();
      case Primitive p -> primitive(p, graph, node, varies);
      case Composite c -> composite(c, varies);
    };
  }

  private static Set<Integer> primitive(Primitive op, Graph graph, Node node, IntPredicate varies) {
    return switch (op) {
      case Primitive.Unary u -> u.function() == UnaryFunction.NEG ? Set.of(0) : Set.of();
      case Primitive.Binary f -> binary(f.function(), varies);
      case Primitive.Compare c -> Set.of();
      case Primitive.Where w -> unless(varies.test(0), Set.of(1, 2));
      case Primitive.Cast c ->
          unless(!graph.operands(node).get(0).type().element().isFloating(), Set.of(0));
      case Primitive.Concat c ->
          IntStream.range(0, node.inputs().size()).boxed().collect(Collectors.toSet());
      case Primitive.Reshape r -> Set.of(0);
      case Primitive.Transpose t -> Set.of(0);
      case Primitive.Reverse r -> Set.of(0);
      case Primitive.Slice s -> Set.of(0);
      case Primitive.Pad p -> Set.of(0);
      case Primitive.Expand e -> Set.of(0);
      case Primitive.ReduceSum r -> Set.of(0);
      case Primitive.ReduceMax r -> Set.of();
      case Primitive.ArgMax a -> Set.of();
      case Primitive.MatMul m -> product(varies);
      case Primitive.Conv c -> unless(varies.test(1), Set.of(0));
      case Primitive.ConvTranspose c -> unless(varies.test(1), Set.of(0));
      case Primitive.Gather g -> unless(varies.test(1), Set.of(0));
      case Primitive.ScatterAdd s -> unless(varies.test(1), Set.of(0));
      case Primitive.Windows w -> Set.of(0);
      case Primitive.OverlapAdd o -> Set.of(0);
    };
  }

  private static Set<Integer> binary(BinaryFunction function, IntPredicate varies) {
    return switch (function) {
      case ADD, SUB -> Set.of(0, 1);
      case MUL -> product(varies);
      case DIV -> unless(varies.test(1), Set.of(0));
      case POW, MAX, MIN, MOD, AND, OR, XOR -> Set.of();
    };
  }

  private static Set<Integer> composite(Composite op, IntPredicate varies) {
    return switch (op) {
      case Composite.Activation a -> Set.of();
      case Composite.PRelu p -> Set.of();
      case Composite.Softmax s -> Set.of();
      case Composite.LogSoftmax s -> Set.of();
      case Composite.Gemm g -> unless(varies.test(1), Set.of(0));
      case Composite.BatchNormalization n -> Set.of(0);
      case Composite.InstanceNormalization n -> Set.of();
      case Composite.GroupNormalization n -> Set.of();
      case Composite.LayerNormalization n -> Set.of();
      case Composite.LRN n -> Set.of();
      case Composite.ReduceMean r -> Set.of(0);
      case Composite.MaxPool p -> Set.of();
      case Composite.MaxPoolGrad p -> unless(varies.test(0), Set.of(1));
      case Composite.AveragePool p -> Set.of(0);
      case Composite.AveragePoolGrad p -> Set.of(0);
      case Composite.Resize r -> Set.of(0);
    };
  }

  private static Set<Integer> product(IntPredicate varies) {
    return varies.test(0) ? unless(varies.test(1), Set.of(0)) : Set.of(1);
  }

  private static Set<Integer> unless(boolean condition, Set<Integer> places) {
    return condition ? Set.of() : places;
  }

  /** True if the result is more than 0 where the operands it is affine in are. */
  static boolean hasConstant(Node node) {
    return switch (node.op()) {
      case Primitive.Conv c -> node.inputs().size() == 3;
      case Primitive.ConvTranspose c -> node.inputs().size() == 3;
      case Primitive.Pad p -> p.value() != 0;
      case Composite.Gemm g -> node.inputs().size() == 3;
      case Composite.BatchNormalization n -> true;
      default -> false;
    };
  }

  /** The operator without its constant part, applied to all of its operands. */
  static Value homogeneous(GraphBuilder b, Op op, List<Value> in) {
    return switch (op) {
      case Primitive.Conv c -> b.apply(op, in.subList(0, 2));
      case Primitive.ConvTranspose c -> b.apply(op, in.subList(0, 2));
      case Primitive.Pad p -> b.apply(new Primitive.Pad(p.before(), p.after(), p.between(), 0), in);
      case Composite.Gemm g -> b.apply(op, in.subList(0, 2));
      case Composite.BatchNormalization n -> {
        List<Value> centred = new ArrayList<>(in);
        centred.set(2, zeros(b, in.get(2)));
        centred.set(3, zeros(b, in.get(3)));
        yield b.apply(op, centred);
      }
      default -> RowWise.apply(b, op, in);
    };
  }

  private static Value zeros(GraphBuilder b, Value like) {
    return b.constant(Tensor.zeros(like.element(), like.shape()));
  }
}
