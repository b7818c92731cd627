package wherefore.graph;

import wherefore.tensor.Shape;

/**
 * What computing a node costs, in multiplications of a product that keeps the processor busy. A
 * rough table, the same for all backends, so that what is decided by it is the same everywhere.
 */
final class Work {
  /**
   * An element that is read, changed and written: memory is as busy as the processor would be with
   * so many multiplications.
   */
  static final double ELEMENT = 32;

  /** An element-wise operator's element: backends compute it together with its neighbours. */
  static final double FUSED = 8;

  /** An element of base + number · slope. */
  static final double INTERPOLATED = 3 * ELEMENT;

  /** An element that is made float64, weighted and added to a sum. */
  static final double SUMMED = 4 * ELEMENT;

  /** What another graph, or another sum, costs a call by being there. */
  static final double EXTRA = 1e6;

  private Work() {}

  /** Of one node. */
  static double of(Graph graph, Node node) {
    double elements = ELEMENT * node.shape().size();
    return switch (node.op()) {
      case Leaf l -> 0;
      case Primitive.Unary u -> FUSED * node.shape().size();
      case Primitive.Binary f -> FUSED * node.shape().size();
      case Primitive.Compare c -> FUSED * node.shape().size();
      case Primitive.Where w -> FUSED * node.shape().size();
      case Composite.Activation a -> FUSED * node.shape().size();
      case Primitive.Reshape r -> 0;
      case Primitive.Transpose t -> 0;
      case Primitive.Reverse r -> 0;
      case Primitive.Slice s -> 0;
      case Primitive.Expand e -> 0;
      case Primitive.Cast c -> 0;
      case Primitive.Conv c -> Math.max(elements, (double) node.shape().size() * taps(graph, node));
      case Primitive.ConvTranspose c ->
          Math.max(elements, (double) operand(graph, node, 0).size() * taps(graph, node));
      case Primitive.MatMul m -> product(graph, node, m.transposeA());
      case Composite.Gemm g -> product(graph, node, g.transposeA());
      case Primitive.ReduceSum r -> ELEMENT * operand(graph, node, 0).size();
      case Composite.ReduceMean r -> ELEMENT * operand(graph, node, 0).size();
      default -> elements;
    };
  }

  private static Shape operand(Graph graph, Node node, int place) {
    return graph.node(node.inputs().get(place)).shape();
  }

  /** Multiplications for each element of the side with fewer positions. */
  private static double taps(Graph graph, Node node) {
    Shape w = operand(graph, node, 1);
    return w.size() / (double) Math.max(1, w.dim(0));
  }

  private static double product(Graph graph, Node node, boolean transposed) {
    int inner = operand(graph, node, 0).dim(transposed ? -2 : -1);
    return node.shape().size() * Math.max(ELEMENT, inner);
  }
}
