package wherefore.backend.cpu;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.Prune;
import wherefore.graph.Rewrite;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Takes a constant factor for each channel, as a batch normalisation's gradient has it, into the
 * weights of the transposed convolution behind it.
 *
 * <pre>
 * %2 = expand(%s) : f32[8,64,56,56]
 * %3 = mul(%1, %2)                          %9 = convTranspose(%1, %w')
 * %4 = convTranspose(%3, %w)          →
 * </pre>
 */
final class FoldScale implements Rewrite {
  private record Scaled(int operand, Tensor scale) {}

  private final Constants.Lease constants;

  FoldScale(Constants.Lease constants) {
    this.constants = constants;
  }

  @Override
  public Graph apply(Graph graph) {
    List<List<Integer>> users = graph.users();
    graph.outputs().values().forEach(id -> users.get(id).add(-1));
    GraphBuilder b = new GraphBuilder();
    Value[] values = new Value[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      b.at(node.origin());
      List<Value> in = new ArrayList<>(node.inputs().stream().map(i -> values[i]).toList());
      find(graph, node, users)
          .ifPresent(
              scaled -> {
                in.set(0, values[scaled.operand()]);
                in.set(1, b.constant(weights(tensor(graph, node.inputs().get(1)), scaled)));
              });
      values[node.id()] = b.apply(node.op(), in);
    }
    graph.outputs().forEach((name, id) -> b.output(name, values[id]));
    return new Prune().apply(b.build());
  }

  private Optional<Scaled> find(Graph graph, Node node, List<List<Integer>> users) {
    if (!(node.op() instanceof Primitive.ConvTranspose)
        || node.type().element() != ElementType.FLOAT32
        || !(graph.node(node.inputs().get(1)).op() instanceof Leaf.Constant)) {
      return Optional.empty();
    }
    Node product = graph.node(node.inputs().get(0));
    boolean multiplies =
        product.op() instanceof Primitive.Binary f
            && f.function() == BinaryFunction.MUL
            && users.get(product.id()).size() == 1;
    return multiplies
        ? scaled(graph, product, 0, 1).or(() -> scaled(graph, product, 1, 0))
        : Optional.empty();
  }

  private static Optional<Scaled> scaled(Graph graph, Node product, int operand, int factor) {
    Node expand = graph.node(product.inputs().get(factor));
    if (!(expand.op() instanceof Primitive.Expand)) {
      return Optional.empty();
    }
    Node source = graph.node(expand.inputs().get(0));
    Shape shape = source.shape();
    boolean perChannel = shape.rank() > 1 && shape.dim(1) == shape.size();
    return source.op() instanceof Leaf.Constant c
            && perChannel
            && shape.size() == product.shape().dim(1)
        ? Optional.of(new Scaled(product.inputs().get(operand), c.value()))
        : Optional.empty();
  }

  private static Tensor tensor(Graph graph, int id) {
    return ((Leaf.Constant) graph.node(id).op()).value();
  }

  private Tensor weights(Tensor weights, Scaled scaled) {
    return constants.folded(
        "scaled by rows",
        List.of(weights, scaled.scale()),
        () -> {
          float[] scale = scaled.scale().toFloats();
          float[] values = weights.toFloats();
          int each = values.length / scale.length;
          for (int i = 0; i < values.length; i++) {
            values[i] *= scale[i / each];
          }
          return Tensor.wrap(weights.shape(), FloatBuffer.wrap(values));
        });
  }
}
