package wherefore.benchmarks;

import java.util.List;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.tensor.Shape;

/**
 * The arithmetic of a graph's convolutions and matrix products if they were done by definition: a
 * multiplication with an addition counts two. What else there is (biases, activations, pooling) is
 * not counted.
 */
public final class Flops {
  private Flops() {}

  /** Of the whole graph. */
  public static double of(Graph graph) {
    return graph.nodes().stream().mapToDouble(n -> of(n, graph.operands(n))).sum();
  }

  private static double of(Node node, List<Node> operands) {
    return switch (node.op()) {
      // Each output element: a kernel over the group's input channels.
      case Primitive.Conv c -> 2.0 * node.shape().size() * taps(operands.get(1).shape());
      // Each input element: a kernel over the group's output channels.
      case Primitive.ConvTranspose c ->
          2.0 * operands.get(0).shape().size() * taps(operands.get(1).shape());
      case Primitive.MatMul m -> product(node, operands, m.transposeA());
      case Composite.Gemm g -> product(node, operands, g.transposeA());
      default -> 0;
    };
  }

  private static double taps(Shape weights) {
    return (double) weights.size() / weights.dim(0);
  }

  private static double product(Node node, List<Node> operands, boolean transposed) {
    Shape a = operands.get(0).shape();
    int shared = a.dim(a.rank() - (transposed ? 2 : 1));
    return 2.0 * node.shape().size() * shared;
  }
}
