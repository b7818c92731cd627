package wherefore.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import wherefore.tensor.Shape;

/**
 * The table from an operator to how it treats rows: n equal blocks along the first axis, each an
 * example's (one element of that axis, or several, where a reshape has joined it with another).
 */
final class RowWise {
  private RowWise() {}

  /**
   * The operands that carry rows, if the operator computes each row of its result from that row of
   * theirs alone; empty if it does not.
   */
  static Optional<Set<Integer>> carriers(Graph graph, Node node, int rows) {
    List<Shape> in = graph.operands(node).stream().map(Node::shape).toList();
    return carriers(node, in)
        .filter(places -> isCut(node.shape(), rows))
        .filter(places -> places.stream().allMatch(p -> isCut(in.get(p), rows)));
  }

  private static boolean isCut(Shape shape, int rows) {
    return shape.rank() > 0 && shape.dim(0) % rows == 0;
  }

  private static Optional<Set<Integer>> carriers(Node node, List<Shape> in) {
    return switch (node.op()) {
      case Leaf l -> Optional.empty();
      case Primitive p -> primitive(p, node, in);
      case Composite c -> composite(c, node, in);
    };
  }

  private static Optional<Set<Integer>> primitive(Primitive op, Node node, List<Shape> in) {
    return switch (op) {
      case Primitive.Unary u -> first();
      case Primitive.Binary b -> all(in);
      case Primitive.Compare c -> all(in);
      case Primitive.Where w -> all(in);
      case Primitive.Cast c -> first();
      case Primitive.Concat c -> all(in).filter(p -> c.axis() != 0);
      case Primitive.Reshape r -> first();
      case Primitive.Transpose t ->
          firstIf(!t.permutation().isEmpty() && t.permutation().get(0) == 0);
      case Primitive.Reverse r -> firstIf(!r.axes().contains(0));
      case Primitive.Slice s -> firstIf(s.steps().get(0) == 1 && keepsFirst(node, in));
      case Primitive.Pad p -> firstIf(keepsFirst(node, in));
      case Primitive.Expand e -> firstIf(keepsFirst(node, in));
      case Primitive.ReduceSum r -> firstIf(!r.axes().contains(0));
      case Primitive.ReduceMax r -> firstIf(r.axis() != 0);
      case Primitive.ArgMax a -> firstIf(a.axis() != 0);
      case Primitive.MatMul m -> in.get(0).rank() > 2 ? all(in) : firstIf(!m.transposeA());
      case Primitive.Conv c -> first();
      case Primitive.ConvTranspose c -> first();
      case Primitive.Gather g -> g.axis() == 0 ? Optional.of(Set.of(1)) : first();
      case Primitive.ScatterAdd s -> firstIf(s.axis() != 0);
      case Primitive.Windows w -> firstIf(in.get(0).rank() > w.window().rank());
      case Primitive.OverlapAdd o -> firstIf(in.get(0).rank() > 2 * o.window().rank());
    };
  }

  private static Optional<Set<Integer>> composite(Composite op, Node node, List<Shape> in) {
    return switch (op) {
      case Composite.Activation a -> first();
      case Composite.PRelu p ->
          firstIf(in.get(1).rank() < in.get(0).rank() || in.get(1).dim(0) == 1);
      case Composite.Softmax s -> firstIf(s.axis() != 0);
      case Composite.LogSoftmax s -> firstIf(s.axis() != 0);
      case Composite.Gemm g -> firstIf(!g.transposeA() && (in.size() < 3 || isRow(in.get(2))));
      case Composite.BatchNormalization n -> first();
      case Composite.InstanceNormalization n -> first();
      case Composite.GroupNormalization n -> first();
      case Composite.LayerNormalization n -> firstIf(n.axis() != 0);
      case Composite.LRN n -> first();
      case Composite.ReduceMean r -> firstIf(!r.axes().contains(0));
      case Composite.MaxPool p -> first();
      case Composite.MaxPoolGrad p -> all(in);
      case Composite.AveragePool p -> first();
      case Composite.AveragePoolGrad p -> first();
      case Composite.Resize r -> firstIf(keepsFirst(node, in));
    };
  }

  private static boolean isRow(Shape addend) {
    return addend.rank() < 2 || addend.dim(0) == 1;
  }

  private static boolean keepsFirst(Node node, List<Shape> in) {
    Shape x = in.get(0);
    return x.rank() > 0 && x.dim(0) == node.shape().dim(0);
  }

  private static Optional<Set<Integer>> first() {
    return Optional.of(Set.of(0));
  }

  private static Optional<Set<Integer>> firstIf(boolean holds) {
    return holds ? first() : Optional.empty();
  }

  private static Optional<Set<Integer>> all(List<Shape> in) {
    return Optional.of(IntStream.range(0, in.size()).boxed().collect(Collectors.toSet()));
  }

  /** The operator for one row, where the node's takes {@code rows}. */
  static Op ofOne(Node node, int rows) {
    return switch (node.op()) {
      case Primitive.Reshape r -> new Primitive.Reshape(ofOne(r.shape(), rows));
      case Primitive.Expand e -> new Primitive.Expand(ofOne(e.shape(), rows));
      case Primitive.Slice s ->
          new Primitive.Slice(s.starts(), firstOf(s.ends(), node.shape().dim(0) / rows), s.steps());
      case Composite.Resize r ->
          new Composite.Resize(firstOf(r.extents(), node.shape().dim(0) / rows), r.interpolation());
      default -> node.op();
    };
  }

  /** An operator for one row, applied to one row of each operand. */
  static Value apply(GraphBuilder b, Op op, List<Value> operands) {
    return switch (op) {
      case Primitive.Reshape r -> b.reshape(operands.get(0), r.shape());
      case Primitive.Expand e -> b.expand(operands.get(0), e.shape());
      default -> b.apply(op, operands);
    };
  }

  /** The shape of one row. */
  static Shape ofOne(Shape shape, int rows) {
    return shape.with(0, shape.dim(0) / rows);
  }

  /** A shape with the rows as an axis of their own. */
  static Shape cut(Shape shape, int rows) {
    Shape row = ofOne(shape, rows);
    return row.dim(0) == 1 ? shape : Shape.of(rows).concat(row);
  }

  private static List<Integer> firstOf(List<Integer> values, int first) {
    List<Integer> changed = new ArrayList<>(values);
    changed.set(0, first);
    return changed;
  }
}
