package wherefore.testkit;

import wherefore.graph.Graph;
import wherefore.graph.Lowering;
import wherefore.graph.Node;
import wherefore.graph.Primitive;

/** How many terms the sums of a graph have, one after the other: what its rounding grows with. */
final class Terms {
  private Terms() {}

  /** The largest number of terms on a way from an input to an output, at least 1 a node. */
  static double of(Graph graph) {
    Graph lowered = Lowering.all().apply(graph);
    double[] longest = new double[lowered.nodes().size()];
    double most = 1;
    for (Node node : lowered.nodes()) {
      double before = node.inputs().stream().mapToDouble(i -> longest[i]).max().orElse(0);
      longest[node.id()] = before + terms(lowered, node);
      most = Math.max(most, longest[node.id()]);
    }
    return most;
  }

  private static double terms(Graph graph, Node node) {
    double operand = node.inputs().isEmpty() ? 1 : graph.node(node.inputs().get(0)).shape().size();
    double size = Math.max(1, node.shape().size());
    return switch (node.op()) {
      case Primitive.ReduceSum r -> Math.max(1, operand / size);
      case Primitive.OverlapAdd o -> Math.max(1, operand / size);
      case Primitive.ScatterAdd s -> Math.max(1, operand);
      case Primitive.MatMul m ->
          graph.node(node.inputs().get(0)).shape().dim(m.transposeA() ? -2 : -1) + 1;
      case Primitive.Conv c -> {
        var w = graph.node(node.inputs().get(1)).shape();
        yield w.size() / Math.max(1.0, w.dim(0)) + 1;
      }
      case Primitive.ConvTranspose c -> {
        var w = graph.node(node.inputs().get(1)).shape();
        yield (double) w.size() / c.group() / Math.max(1, w.dim(1)) + 1;
      }
      default -> 1;
    };
  }
}
