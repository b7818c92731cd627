package wherefore.backend.cpu;

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
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Takes a constant addend for each channel into the convolution in front of it, which adds it while
 * it writes.
 *
 * <pre>
 * %1 = conv(%0, %w)
 * %2 = expand(%b) : f32[8,64,56,56]     →      %3 = conv(%0, %w, %b)
 * %3 = add(%1, %2)
 * </pre>
 */
final class FoldBias implements Rewrite {
  private record Biased(Node conv, Tensor bias) {}

  @Override
  public Graph apply(Graph graph) {
    List<List<Integer>> users = graph.users();
    graph.outputs().values().forEach(id -> users.get(id).add(-1));
    GraphBuilder b = new GraphBuilder();
    Value[] values = new Value[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      b.at(node.origin());
      Optional<Biased> found =
          biased(graph, node, 0, users).or(() -> biased(graph, node, 1, users));
      Node made = found.map(Biased::conv).orElse(node);
      List<Value> in = new ArrayList<>(made.inputs().stream().map(i -> values[i]).toList());
      found.ifPresent(f -> in.add(b.constant(f.bias())));
      values[node.id()] = b.apply(made.op(), in);
    }
    graph.outputs().forEach((name, id) -> b.output(name, values[id]));
    return new Prune().apply(b.build());
  }

  private static Optional<Biased> biased(
      Graph graph, Node node, int place, List<List<Integer>> users) {
    if (!(node.op() instanceof Primitive.Binary f && f.function() == BinaryFunction.ADD)) {
      return Optional.empty();
    }
    Node conv = graph.node(node.inputs().get(place));
    Node expand = graph.node(node.inputs().get(1 - place));
    boolean fits =
        conv.op() instanceof Primitive.Conv
            && conv.inputs().size() == 2
            && users.get(conv.id()).size() == 1
            && expand.op() instanceof Primitive.Expand;
    return fits
        ? channels(graph.node(expand.inputs().get(0)), conv.shape())
            .map(bias -> new Biased(conv, bias))
        : Optional.empty();
  }

  /** A constant's numbers if it has one for each channel, and repeats along all other axes. */
  private static Optional<Tensor> channels(Node source, Shape shape) {
    int axis = source.shape().rank() - (shape.rank() - 1);
    boolean perChannel =
        axis >= 0
            && source.shape().dim(axis) == shape.dim(1)
            && source.shape().size() == shape.dim(1);
    return perChannel && source.op() instanceof Leaf.Constant c
        ? Optional.of(c.value().reshape(Shape.of(shape.dim(1))))
        : Optional.empty();
  }
}
