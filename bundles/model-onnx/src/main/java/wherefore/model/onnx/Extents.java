package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.graph.Graph;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.TensorType;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Extents of a file under construction: fixed ones, and those that depend on the batch. */
final class Extents {
  private final GraphWriter out;
  private final List<Port> inputs;
  private final Graph graph;
  private final Optional<Graph> larger;
  private String batch = "";

  /**
   * @param two the graph for three examples, if the batch is to be free; the other is for two then
   */
  Extents(GraphWriter out, List<Port> inputs, Graph graph, Optional<Graph> larger) {
    this.out = out;
    this.inputs = inputs;
    this.graph = graph;
    this.larger = larger;
  }

  /** The same node in the graph for three examples. */
  Node twin(Node node) {
    return larger.map(g -> g.node(node.id())).orElse(node);
  }

  Shape operandShape(Node node) {
    return graph.node(node.inputs().get(0)).shape();
  }

  /** True if the operand's axis has the extent of the node's, for one example and for larger. */
  boolean isWhole(Node node, int axis) {
    int operand = node.inputs().get(0);
    return graph.node(operand).shape().dim(axis) == node.shape().dim(axis)
        && larger
            .map(g -> g.node(operand).shape().dim(axis) == twin(node).shape().dim(axis))
            .orElse(true);
  }

  /** The number of examples as a tensor of one element. */
  private String batch() {
    if (batch.isEmpty()) {
      batch = out.between();
      out.aside(
          () ->
              out.emit(
                  "Shape",
                  List.of(inputs.get(0).name()),
                  batch,
                  Attribute.of("start", 0),
                  Attribute.of("end", 1)));
    }
    return batch;
  }

  /**
   * The tensor that holds a shape.
   *
   * @param other the shape for three examples
   * @param derived true if one extent may be left for the operator to find out
   */
  String shape(Shape shape, Shape other, boolean derived) {
    List<Integer> dims = Windows.list(shape);
    List<Integer> twice = Windows.list(other);
    List<Integer> differing =
        IntStream.range(0, dims.size())
            .filter(a -> !dims.get(a).equals(twice.get(a)))
            .boxed()
            .toList();
    if (differing.isEmpty()) {
      return out.integers(dims);
    }
    if (derived && differing.size() == 1 && !dims.contains(0)) {
      List<Integer> open = new ArrayList<>(dims);
      open.set(differing.get(0), -1);
      return out.integers(open);
    }
    return computed(dims, twice);
  }

  private String computed(List<Integer> dims, List<Integer> others) {
    List<String> parts = new ArrayList<>();
    for (int a = 0; a < dims.size(); a++) {
      parts.add(extent(dims.get(a), others.get(a)));
    }
    String result = out.between();
    out.emit("Concat", parts, result, Attribute.of("axis", 0));
    return result;
  }

  private String extent(int two, int three) {
    if (two == three) {
      return out.integers(List.of(two));
    }
    int each = each(two, three);
    if (each == 1) {
      return batch();
    }
    String result = out.between();
    out.emit("Mul", List.of(batch(), out.integers(List.of(each))), result);
    return result;
  }

  /** What an extent has of each example. */
  private static int each(int two, int three) {
    if (two % 2 != 0 || three != two / 2 * 3) {
      throw new FixedBatchException(
          "an extent is %d for two examples and %d for three".formatted(two, three));
    }
    return two / 2;
  }

  /** A constant that is repeated for each example. */
  String repeated(Tensor value, Tensor other) {
    Tensor unit = unit(value, other);
    if (!isRepeated(unit, value) || !isRepeated(unit, other)) {
      throw new FixedBatchException("the constant " + value + " depends on it");
    }
    List<String> counts = new ArrayList<>();
    for (int a = 0; a < unit.shape().rank(); a++) {
      boolean same = other.shape().dim(a) == value.shape().dim(a);
      counts.add(same ? out.integers(List.of(1)) : batch());
    }
    String repeats = out.between();
    out.emit("Concat", counts, repeats, Attribute.of("axis", 0));
    String result = out.between();
    out.emit("Tile", List.of(out.literal(unit), repeats), result);
    return result;
  }

  /** The part that belongs to one example. */
  private static Tensor unit(Tensor value, Tensor other) {
    Shape shape = value.shape();
    if (other.shape().rank() != shape.rank()) {
      throw new FixedBatchException("the constant " + value + " depends on it");
    }
    List<Integer> ends = new ArrayList<>();
    for (int a = 0; a < shape.rank(); a++) {
      boolean same = other.shape().dim(a) == shape.dim(a);
      ends.add(same ? shape.dim(a) : each(shape.dim(a), other.shape().dim(a)));
    }
    Primitive.Slice slice =
        new Primitive.Slice(Shapes.filled(shape.rank(), 0), ends, Shapes.filled(shape.rank(), 1));
    TensorType type = TensorType.of(value).with(Shapes.shape(ends));
    return HostEvaluator.evaluate(slice, List.of(value), type);
  }

  private static boolean isRepeated(Tensor unit, Tensor whole) {
    int[] strides = unit.shape().strides();
    int[] wide = whole.shape().strides();
    boolean repeated = true;
    for (int i = 0; repeated && i < whole.size(); i++) {
      int source = 0;
      for (int a = 0; a < strides.length; a++) {
        source += i / wide[a] % whole.shape().dim(a) % unit.shape().dim(a) * strides[a];
      }
      repeated = Double.compare(whole.get(i), unit.get(source)) == 0;
    }
    return repeated;
  }
}
