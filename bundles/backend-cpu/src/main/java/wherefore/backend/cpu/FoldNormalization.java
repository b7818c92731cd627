package wherefore.backend.cpu;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.Rewrite;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Takes a batch normalisation with constant parameters into the convolution before it, whose
 * weights are scaled.
 *
 * <pre>
 * %5 = conv(%x, %w, %b)                         %9 = conv(%x, %w', %b')
 * %6 = batchNormalization(%5, …)         →
 * </pre>
 */
final class FoldNormalization implements Rewrite {
  private final Constants.Lease constants;

  FoldNormalization(Constants.Lease constants) {
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
      boolean folds = folds(graph, node, users);
      values[node.id()] =
          folds
              ? folded(b, graph, node, values)
              : b.apply(node.op(), node.inputs().stream().map(i -> values[i]).toList());
    }
    graph.outputs().forEach((name, id) -> b.output(name, values[id]));
    return b.build();
  }

  private static boolean folds(Graph graph, Node node, List<List<Integer>> users) {
    if (!(node.op() instanceof Composite.BatchNormalization)
        || node.type().element() != ElementType.FLOAT32) {
      return false;
    }
    Node conv = graph.node(node.inputs().get(0));
    return conv.op() instanceof Primitive.Conv
        && users.get(conv.id()).size() == 1
        && constant(graph, conv.inputs().subList(1, conv.inputs().size()))
        && constant(graph, node.inputs().subList(1, 5));
  }

  private static boolean constant(Graph graph, List<Integer> ids) {
    return ids.stream().allMatch(i -> graph.node(i).op() instanceof Leaf.Constant);
  }

  private Value folded(GraphBuilder b, Graph graph, Node node, Value[] values) {
    Node conv = graph.node(node.inputs().get(0));
    double epsilon = ((Composite.BatchNormalization) node.op()).epsilon();
    List<Tensor> sources = new ArrayList<>();
    conv.inputs().subList(1, conv.inputs().size()).forEach(i -> sources.add(tensor(graph, i)));
    node.inputs().subList(1, 5).forEach(i -> sources.add(tensor(graph, i)));
    Tensor weights =
        constants.folded(Map.of("weights", epsilon), sources, () -> weights(sources, epsilon));
    Tensor bias = constants.folded(Map.of("bias", epsilon), sources, () -> bias(sources, epsilon));
    Value x = values[conv.inputs().get(0)];
    return b.apply(conv.op(), x, b.constant(weights), b.constant(bias));
  }

  private static Tensor tensor(Graph graph, int id) {
    return ((Leaf.Constant) graph.node(id).op()).value();
  }

  private static double[] scale(List<Tensor> sources, double epsilon) {
    int last = sources.size() - 1;
    return sources
        .get(last - 3)
        .zip(sources.get(last), (gamma, variance) -> gamma / Math.sqrt(variance + epsilon))
        .toDoubles();
  }

  private static Tensor weights(List<Tensor> sources, double epsilon) {
    double[] scale = scale(sources, epsilon);
    float[] weights = sources.get(0).toFloats();
    int each = weights.length / Math.max(1, scale.length);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (weights[i] * scale[i / each]);
    }
    return Tensor.wrap(sources.get(0).shape(), FloatBuffer.wrap(weights));
  }

  private static Tensor bias(List<Tensor> sources, double epsilon) {
    double[] scale = scale(sources, epsilon);
    int last = sources.size() - 1;
    float[] bias = new float[scale.length];
    for (int c = 0; c < bias.length; c++) {
      double before = sources.size() == 6 ? sources.get(1).get(c) : 0;
      double mean = sources.get(last - 1).get(c);
      bias[c] = (float) ((before - mean) * scale[c] + sources.get(last - 2).get(c));
    }
    return Tensor.wrap(Shape.of(bias.length), FloatBuffer.wrap(bias));
  }
}
