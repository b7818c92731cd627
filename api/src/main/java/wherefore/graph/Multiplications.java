package wherefore.graph;

import wherefore.tensor.Shape;

/** How much arithmetic a node is: its multiplications, each with an addition. */
public final class Multiplications {
  private Multiplications() {}

  /** Of a whole graph. */
  public static long of(Graph graph) {
    return graph.nodes().stream().mapToLong(node -> of(graph, node)).sum();
  }

  /** Of a node: of what is no product one for each element of its result; of a leaf none. */
  public static long of(Graph graph, Node node) {
    return switch (node.op()) {
      case Primitive.Conv c -> node.shape().size() * taps(graph, node);
      case Primitive.ConvTranspose c ->
          graph.node(node.inputs().get(0)).shape().size() * taps(graph, node);
      case Primitive.MatMul m -> product(graph, node, m.transposeA());
      case Composite.Gemm g -> product(graph, node, g.transposeA());
      case Leaf l -> 0;
      default -> node.shape().size();
    };
  }

  private static long product(Graph graph, Node node, boolean transposeA) {
    Shape a = graph.node(node.inputs().get(0)).shape();
    return (long) node.shape().size() * a.dim(transposeA ? -2 : -1);
  }

  /** Multiplications for each element of the narrow side. */
  private static long taps(Graph graph, Node node) {
    Shape w = graph.node(node.inputs().get(1)).shape();
    return w.size() / Math.max(1, w.dim(0));
  }
}
