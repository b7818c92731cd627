package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import wherefore.graph.Graph;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.tensor.Shape;

/**
 * Which explicit broadcasts ONNX's element-wise operators make superfluous: an {@code Expand} of
 * the same layer whose stretching the operator does by itself.
 */
final class Broadcasts {
  private final Graph graph;
  private final Map<Integer, List<Integer>> sources = new HashMap<>();
  private final boolean[] written;

  Broadcasts(Graph graph) {
    this.graph = graph;
    this.written = new boolean[graph.nodes().size()];
    graph.nodes().forEach(n -> sources.put(n.id(), sources(n)));
    graph.nodes().forEach(n -> all(n).forEach(id -> written[id] = true));
    graph.outputs().values().forEach(id -> written[id] = true);
    graph.layers().values().forEach(n -> written[n.id()] = true);
  }

  private List<Integer> all(Node node) {
    return Objects.requireNonNull(sources.get(node.id()));
  }

  /** The node whose value the operand is, a superfluous broadcast passed over. */
  int source(Node node, int place) {
    return all(node).get(place);
  }

  /** False for a broadcast that nobody needs any more. */
  boolean isWritten(Node node) {
    return !(node.op() instanceof Primitive.Expand) || written[node.id()];
  }

  private List<Integer> sources(Node node) {
    if (!stretches(node)) {
      return node.inputs();
    }
    List<Integer> bare = new ArrayList<>();
    for (int id : node.inputs()) {
      Node in = graph.node(id);
      boolean passed = in.op() instanceof Primitive.Expand && in.origin().equals(node.origin());
      bare.add(passed ? in.inputs().get(0) : id);
    }
    Shape shape =
        bare.stream().map(id -> graph.node(id).shape()).reduce(Shape.SCALAR, Shape::broadcast);
    return shape.equals(node.shape()) ? bare : node.inputs();
  }

  private static boolean stretches(Node node) {
    return node.op() instanceof Primitive.Binary
        || node.op() instanceof Primitive.Compare
        || node.op() instanceof Primitive.Where;
  }
}
