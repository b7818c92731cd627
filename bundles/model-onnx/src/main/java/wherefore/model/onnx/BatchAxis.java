package wherefore.model.onnx;

import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.tensor.Shape;

/**
 * Whether the examples of a batch stay apart in a graph.
 *
 * <p>Followed is where the batch lies in each value: in row-major order it is the part of the index
 * that {@code outer} other elements stand in front of. A reshape leaves that number as it is, so an
 * axis may be merged with the batch and split off again. An operator that works along the axis
 * which holds the batch, or that is not known here, lets examples meet.
 */
final class BatchAxis {
  /** The value does not depend on the batch. */
  private static final long NONE = 0;

  /** Examples have met, or nobody knows. */
  private static final long MIXED = -1;

  private static final class Mixed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private final Graph graph;
  private final int batch;
  private final Set<Integer> perExample;
  private final long[] outer;

  private BatchAxis(Graph graph, int batch, Set<Integer> perExample) {
    this.graph = graph;
    this.batch = batch;
    this.perExample = perExample;
    this.outer = new long[graph.nodes().size()];
  }

  /**
   * True if each output's first axis is the batch and no example depends on another.
   *
   * @param perExample the nodes that are only right if the batch stands first in them
   */
  static boolean isFree(Graph graph, int batch, Set<Integer> perExample) {
    return new BatchAxis(graph, batch, perExample).isFree();
  }

  private boolean isFree() {
    for (Node node : graph.nodes()) {
      outer[node.id()] = followed(node);
    }
    return graph.outputs().values().stream()
        .allMatch(
            id -> {
              Shape shape = graph.node(id).shape();
              return outer[id] == 1 && shape.rank() > 0 && shape.dim(0) == batch;
            });
  }

  private long followed(Node node) {
    try {
      require(node.inputs().stream().noneMatch(in -> outer[in] == MIXED));
      long result = outer(node);
      require(result == 1 || !perExample.contains(node.id()));
      return result;
    } catch (Mixed | IllegalArgumentException e) {
      return MIXED;
    }
  }

  private long outer(Node node) {
    if (node.op() instanceof Leaf.Input) {
      return 1;
    }
    boolean depends = node.inputs().stream().anyMatch(in -> outer[in] != NONE);
    if (!depends) {
      return NONE;
    }
    return switch (node.op()) {
      case Primitive.Unary u -> same(node);
      case Primitive.Binary b -> same(node);
      case Primitive.Compare c -> same(node);
      case Primitive.Where w -> same(node);
      case Primitive.Cast c -> same(node);
      case Composite.Activation a -> same(node);
      case Composite.PRelu p -> same(node);
      case Primitive.Reshape r -> outer[node.inputs().get(0)];
      case Primitive.Transpose t -> transposed(node, t.permutation());
      case Primitive.MatMul m -> product(node, m.transposeA(), m.transposeB());
      case Composite.Gemm g -> gemm(node, g);
      case Primitive.Gather g -> gathered(node, g.axis());
      case Primitive.Concat c -> {
        node.inputs().stream()
            .filter(in -> outer[in] != NONE)
            .forEach(
                in -> require(axis(in) == axis(first(node)) && within(in) == within(first(node))));
        yield along(node, List.of(c.axis()));
      }
      default -> alone(node, worked(node));
    };
  }

  private static void require(boolean condition) {
    if (!condition) {
      throw new Mixed();
    }
  }

  /** The first operand that depends on the batch. */
  private int first(Node node) {
    return node.inputs().stream()
        .filter(in -> outer[in] != NONE)
        .findFirst()
        .orElseThrow(Mixed::new);
  }

  private static long before(Shape shape, int axis) {
    return shape.axes(0, axis).size();
  }

  /** The axis that holds the batch. */
  private int axis(int id) {
    Shape shape = graph.node(id).shape();
    int axis =
        IntStream.range(0, shape.rank())
            .filter(a -> before(shape, a) <= outer[id] && before(shape, a + 1) > outer[id])
            .findFirst()
            .orElseThrow(Mixed::new);
    require(
        outer[id] % before(shape, axis) == 0 && before(shape, axis + 1) % (outer[id] * batch) == 0);
    return axis;
  }

  /** How many elements stand in front of the batch within its axis. */
  private long within(int id) {
    return outer[id] / before(graph.node(id).shape(), axis(id));
  }

  private boolean isPure(int id) {
    return within(id) == 1 && graph.node(id).shape().dim(axis(id)) == batch;
  }

  private long same(Node node) {
    int first = first(node);
    node.inputs().stream()
        .filter(in -> outer[in] != NONE)
        .forEach(
            in ->
                require(outer[in] == outer[first] && graph.node(in).shape().equals(node.shape())));
    return outer[first];
  }

  /** The number where the batch's axis has become the result's given one. */
  private long moved(Node node, int operand, int axis) {
    require(node.shape().dim(axis) == graph.node(operand).shape().dim(axis(operand)));
    return before(node.shape(), axis) * within(operand);
  }

  private long along(Node node, List<Integer> axes) {
    int operand = first(node);
    require(!axes.contains(axis(operand)));
    return moved(node, operand, axis(operand));
  }

  /** Only the first operand may depend on the batch. */
  private long alone(Node node, List<Integer> axes) {
    require(node.inputs().stream().skip(1).allMatch(in -> outer[in] == NONE));
    return along(node, axes);
  }

  /** The axes of the first operand that an operator works along. */
  private List<Integer> worked(Node node) {
    Shape x = graph.node(node.inputs().get(0)).shape();
    Op op = node.op();
    return switch (op) {
      case Primitive.Reverse r -> r.axes();
      case Primitive.ReduceSum r -> r.axes();
      case Composite.ReduceMean r -> r.axes();
      case Primitive.ReduceMax r -> List.of(r.axis());
      case Primitive.ArgMax a -> List.of(a.axis());
      case Composite.Softmax s -> List.of(s.axis());
      case Composite.LogSoftmax s -> List.of(s.axis());
      case Composite.LayerNormalization l -> IntStream.range(l.axis(), x.rank()).boxed().toList();
      case Primitive.Slice s ->
          changed(
              x,
              a -> s.starts().get(a) == 0 && s.steps().get(a) == 1 && s.ends().get(a) == x.dim(a));
      case Primitive.Pad p ->
          changed(
              x, a -> p.before().get(a) == 0 && p.after().get(a) == 0 && p.between().get(a) == 0);
      case Primitive.Expand e -> changed(x, a -> e.shape().dim(a) == x.dim(a));
      case Composite.Resize r -> changed(x, a -> r.extents().get(a) == x.dim(a));
      case Primitive.Conv c -> inner(x);
      case Primitive.ConvTranspose c -> inner(x);
      case Composite.MaxPool p -> inner(x);
      case Composite.AveragePool p -> inner(x);
      case Composite.BatchNormalization b -> inner(x);
      case Composite.InstanceNormalization i -> inner(x);
      case Composite.GroupNormalization g -> inner(x);
      case Composite.LRN l -> inner(x);
      default -> throw new Mixed();
    };
  }

  private static List<Integer> inner(Shape x) {
    return IntStream.range(1, x.rank()).boxed().toList();
  }

  private static List<Integer> changed(Shape x, IntPredicate kept) {
    return IntStream.range(0, x.rank()).filter(kept.negate()).boxed().toList();
  }

  private long transposed(Node node, List<Integer> permutation) {
    int operand = first(node);
    require(isPure(operand));
    return moved(node, operand, permutation.indexOf(axis(operand)));
  }

  private long product(Node node, boolean swapLeft, boolean swapRight) {
    int left = node.inputs().get(0);
    int right = node.inputs().get(1);
    int rank = node.shape().rank();
    if (outer[left] != NONE && outer[right] != NONE) {
      require(axis(left) == axis(right) && within(left) == within(right) && axis(left) < rank - 2);
      return moved(node, left, axis(left));
    }
    boolean isLeft = outer[left] != NONE;
    int operand = isLeft ? left : right;
    boolean rows = isLeft ? swapLeft : !swapRight;
    int summed = rows ? rank - 2 : rank - 1;
    require(axis(operand) != summed);
    int axis = axis(operand) < rank - 2 ? axis(operand) : isLeft ? rank - 2 : rank - 1;
    return moved(node, operand, axis);
  }

  private long gemm(Node node, Composite.Gemm g) {
    long result = product(node, g.transposeA(), g.transposeB());
    require(node.inputs().size() < 3 || outer[node.inputs().get(2)] == NONE);
    return result;
  }

  private long gathered(Node node, int along) {
    int data = node.inputs().get(0);
    int indices = node.inputs().get(1);
    if (outer[indices] == NONE) {
      int axis = axis(data);
      require(axis != along);
      return moved(node, data, axis < along ? axis : axis - 1 + graph.node(indices).shape().rank());
    }
    require(outer[data] == NONE);
    return moved(node, indices, along + axis(indices));
  }
}
