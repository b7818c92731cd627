package wherefore.backend.cpu;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.Rewrite;
import wherefore.graph.Value;

/**
 * Asks a ReLU's result instead of its operand where it was positive: the same answer, and the
 * operand need not be kept.
 *
 * <pre>
 * %5 = relu(%4)                 %5 = relu(%4)
 * %6 = less(0, %4)       →      %6 = less(0, %5)
 * </pre>
 */
final class MaskFromOutput implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    Map<Integer, Integer> relus = new HashMap<>();
    GraphBuilder b = new GraphBuilder();
    Value[] values = new Value[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      List<Value> in = node.inputs().stream().map(i -> values[i]).collect(Collectors.toList());
      if (node.op() instanceof Composite.Relu) {
        relus.put(node.inputs().get(0), node.id());
      }
      if (isPositive(graph, node) && relus.containsKey(node.inputs().get(1))) {
        in.set(1, values[relus.get(node.inputs().get(1))]);
      }
      values[node.id()] = b.at(node.origin()).apply(node.op(), in);
    }
    graph.outputs().forEach((name, id) -> b.output(name, values[id]));
    return b.build();
  }

  /** True for 0 &lt; x. */
  static boolean isPositive(Graph graph, Node node) {
    return node.op() instanceof Primitive.Compare c
        && c.relation() == Comparison.LESS
        && isZero(graph, graph.node(node.inputs().get(0)));
  }

  private static boolean isZero(Graph graph, Node node) {
    return switch (node.op()) {
      case Leaf.Constant c -> c.value().size() == 1 && c.value().get(0) == 0;
      case Primitive.Expand e -> isZero(graph, graph.node(node.inputs().get(0)));
      case Primitive.Reshape r -> isZero(graph, graph.node(node.inputs().get(0)));
      default -> false;
    };
  }
}
