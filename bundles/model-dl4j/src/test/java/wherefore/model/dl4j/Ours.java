package wherefore.model.dl4j;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import wherefore.backend.reference.ReferenceBackend;
import wherefore.compute.ComputeBackend;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.Leaf;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Run;

/** Runs a loaded model on the reference backend. */
final class Ours {
  private static final ComputeBackend BACKEND = new ReferenceBackend();

  private Ours() {}

  static Map<String, Tensor> outputs(Model model, Map<String, Tensor> inputs) {
    return Run.graph(BACKEND, graph(model, inputs), inputs);
  }

  /** Σ outputs ⊙ seeds, derived by each input. */
  static Map<String, Tensor> gradients(
      Model model, Map<String, Tensor> inputs, Map<String, Tensor> seeds) {
    Graph graph = graph(model, inputs);
    GraphBuilder b = new GraphBuilder();
    Inlined values = b.inline(graph, Map.of());
    Map<Value, Value> arriving = new LinkedHashMap<>();
    seeds.forEach((name, seed) -> arriving.put(values.of(graph.output(name)), b.constant(seed)));
    List<Value> asked =
        graph.nodes().stream()
            .filter(node -> node.op() instanceof Leaf.Input)
            .map(values::of)
            .toList();
    List<Value> gradients = Backward.run(b, arriving, asked, Vjp.book());
    for (int i = 0; i < asked.size(); i++) {
      b.output(((Leaf.Input) asked.get(i).node().op()).name(), gradients.get(i));
    }
    Map<String, Tensor> result = new LinkedHashMap<>(Run.graph(BACKEND, b.build(), inputs));
    result.keySet().retainAll(inputs.keySet());
    return result;
  }

  private static Graph graph(Model model, Map<String, Tensor> inputs) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    inputs.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    return model.graph(shapes);
  }

  static Tensor tensor(INDArray array) {
    return Weights.copy(array);
  }
}
