package wherefore.method.paths;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;

/**
 * Where an operator bends that is linear everywhere else: where a value passes a threshold, or
 * where another one of a group becomes the largest.
 *
 * @param value what passes; a row a point, its elements group by group
 * @param thresholds what it passes
 * @param group how many elements compete to be the largest; 1 if none do
 */
record Kink(Value value, List<Double> thresholds, int group) {
  private static final String PRODUCT = "multiplies what varies";
  private static final String CURVED = "is curved";

  /**
   * The table from an operator to where it bends.
   *
   * @param in its operands
   * @param varies whether the operand at a place changes along the path
   * @return empty if it is not continuous and linear but for bends
   */
  static Optional<Kink> of(GraphBuilder b, Node node, List<Value> in, IntPredicate varies) {
    return switch (node.op()) {
      case Composite.Relu r -> at(in.get(0), 0);
      case Composite.LeakyRelu r -> at(in.get(0), 0);
      case Composite.PRelu p -> varies.test(1) ? Optional.empty() : at(in.get(0), 0);
      case Composite.Clip c -> at(in.get(0), c.min(), c.max());
      case Composite.HardSigmoid h ->
          at(in.get(0), -h.beta() / h.alpha(), (1 - h.beta()) / h.alpha());
      case Primitive.Unary u ->
          u.function() == UnaryFunction.ABS ? at(in.get(0), 0) : Optional.empty();
      case Primitive.Binary f ->
          isExtremum(f) ? at(b.sub(in.get(0), in.get(1)), 0) : Optional.empty();
      case Primitive.ReduceMax m -> Optional.of(largest(b, in.get(0), m.axis()));
      default -> Optional.empty();
    };
  }

  private static boolean isExtremum(Primitive.Binary f) {
    return f.function() == BinaryFunction.MAX || f.function() == BinaryFunction.MIN;
  }

  private static Optional<Kink> at(Value value, double... thresholds) {
    List<Double> finite = DoubleStream.of(thresholds).filter(Double::isFinite).boxed().toList();
    return Optional.of(new Kink(value, finite, 1));
  }

  private static Kink largest(GraphBuilder b, Value x, int axis) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, x.shape().rank()).boxed().toList());
    Collections.rotate(order.subList(axis, order.size()), -1);
    return new Kink(b.transpose(x, order), List.of(), x.shape().dim(axis));
  }

  /** Why a node is neither affine nor bends, for errors. */
  static String obstacle(Node node) {
    return switch (node.op()) {
      case Primitive.Compare c -> "jumps";
      case Primitive.ArgMax a -> "jumps";
      case Primitive.Cast c -> "jumps";
      case Composite.ThresholdedRelu t -> "jumps";
      case Primitive.Unary u -> u.function().isStep() ? "jumps" : CURVED;
      case Primitive.Binary f -> f.function() == BinaryFunction.MUL ? PRODUCT : CURVED;
      case Primitive.MatMul m -> PRODUCT;
      case Composite.Gemm g -> PRODUCT;
      case Composite.PRelu p -> PRODUCT;
      default -> CURVED;
    };
  }
}
