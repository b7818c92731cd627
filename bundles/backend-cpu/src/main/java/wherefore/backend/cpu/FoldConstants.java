package wherefore.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.Prune;
import wherefore.graph.Rewrite;
import wherefore.graph.Value;
import wherefore.tensor.Tensor;

/**
 * Computes what depends on constants alone, once for all executables that need it. An {@link
 * Primitive.Expand} stays: repeated elements cost nothing.
 *
 * <pre>
 * %1 = constant(…)              %1 = constant(…)
 * %2 = sqrt(%1)          →      %3 = add(%0, %1)
 * %3 = add(%0, %2)
 * </pre>
 */
final class FoldConstants implements Rewrite {
  private record Recipe(Op op, List<Op> stretches) {}

  private record Source(Tensor tensor, @Nullable Op stretch) {}

  private final Constants.Lease constants;
  private final Function<Graph, Tensor> evaluate;

  /**
   * @param evaluate computes a graph without inputs that has one output
   */
  FoldConstants(Constants.Lease constants, Function<Graph, Tensor> evaluate) {
    this.constants = constants;
    this.evaluate = evaluate;
  }

  @Override
  public Graph apply(Graph graph) {
    GraphBuilder b = new GraphBuilder();
    Value[] values = new Value[graph.nodes().size()];
    @Nullable Source[] sources = new Source[values.length];
    for (Node node : graph.nodes()) {
      b.at(node.origin());
      Source source = source(node, sources);
      sources[node.id()] = source;
      values[node.id()] =
          source != null
              ? value(b, source)
              : b.apply(node.op(), node.inputs().stream().map(i -> values[i]).toList());
    }
    graph.outputs().forEach((name, id) -> b.output(name, values[id]));
    return new Prune().apply(b.build());
  }

  private static Value value(GraphBuilder b, Source source) {
    Value value = b.constant(source.tensor());
    Op stretch = source.stretch();
    return stretch == null ? value : b.apply(stretch, value);
  }

  private @Nullable Source source(Node node, @Nullable Source[] sources) {
    if (node.op() instanceof Leaf.Constant c) {
      return new Source(c.value(), null);
    }
    List<Source> in = new ArrayList<>();
    for (int i : node.inputs()) {
      Source source = sources[i];
      if (source == null) {
        return null;
      }
      in.add(source);
    }
    if (in.isEmpty()) {
      return null;
    }
    return node.op() instanceof Primitive.Expand
        ? new Source(in.get(0).tensor(), node.op())
        : computed(node.op(), in);
  }

  private Source computed(Op op, List<Source> in) {
    List<Op> stretches = in.stream().map(s -> s.stretch() == null ? op : s.stretch()).toList();
    List<Tensor> tensors = in.stream().map(Source::tensor).toList();
    Tensor tensor =
        constants.folded(new Recipe(op, stretches), tensors, () -> evaluate.apply(graph(op, in)));
    return new Source(tensor, null);
  }

  private static Graph graph(Op op, List<Source> in) {
    GraphBuilder b = new GraphBuilder();
    List<Value> operands = new ArrayList<>();
    for (Source source : in) {
      operands.add(value(b, source));
    }
    return b.output("y", b.apply(op, operands)).build();
  }
}
