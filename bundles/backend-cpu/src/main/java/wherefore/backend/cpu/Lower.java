package wherefore.backend.cpu;

import java.util.List;
import wherefore.backend.cpu.onednn.Eltwise;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Lowering;
import wherefore.graph.Node;
import wherefore.graph.Prune;
import wherefore.graph.Rewrite;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;

/** Replaces the composites that have no step of their own here by their bodies. */
final class Lower implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    GraphBuilder b = new GraphBuilder();
    Value[] values = new Value[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      List<Value> in = node.inputs().stream().map(i -> values[i]).toList();
      b.at(node.origin());
      values[node.id()] =
          node.op() instanceof Composite c && !keeps(c, node)
              ? Lowering.body(b, c, in)
              : b.apply(node.op(), in);
    }
    graph.outputs().forEach((name, id) -> b.output(name, values[id]));
    return new Prune().apply(b.build());
  }

  private static boolean keeps(Composite composite, Node node) {
    if (node.type().element() != ElementType.FLOAT32 || node.shape().size() == 0) {
      return false;
    }
    int rank = node.shape().rank();
    return switch (composite) {
      case Composite.Relu r -> true;
      case Composite.Activation a -> Eltwise.of(a).isPresent();
      case Composite.Softmax s -> true;
      case Composite.LogSoftmax s -> true;
      case Composite.Gemm g -> g.alpha() == 1 && g.beta() == 1;
      case Composite.MaxPool p -> Poolings.covers(p.window(), rank);
      case Composite.MaxPoolGrad p -> Poolings.covers(p.window(), rank);
      case Composite.AveragePool p -> Poolings.covers(p.window(), rank);
      case Composite.AveragePoolGrad p -> Poolings.covers(p.window(), rank);
      case Composite.PRelu p -> false;
      case Composite.BatchNormalization n -> false;
      case Composite.InstanceNormalization n -> false;
      case Composite.GroupNormalization n -> false;
      case Composite.LayerNormalization n -> false;
      case Composite.LRN n -> false;
      case Composite.ReduceMean r -> false;
      case Composite.Resize r -> false;
    };
  }
}
