package wherefore.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.backend.reference.ReferenceBackend;
import wherefore.graph.Graph;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Closeness;
import wherefore.testkit.Golden;
import wherefore.testkit.Run;

class GoldenModelsTest {
  static List<String> models() {
    return Golden.models();
  }

  private static Model load(String name) throws Exception {
    return new OnnxLoader().load(Golden.file(name), ModelCard.EMPTY);
  }

  @ParameterizedTest
  @MethodSource("models")
  void outputsAreThoseOfPyTorch(String name) throws Exception {
    Model model = load(name);
    Port in = model.inputs().get(0);
    Tensor input = Golden.tensor(name, "input.npy");
    Graph graph = model.graph(Map.of(in.name(), input.shape()));
    Tensor actual =
        Run.output(
            new ReferenceBackend(), graph, Map.of(in.name(), input), model.outputs().get(0).name());
    Closeness.assertClose(Golden.tensor(name, "output.npy"), actual, 1e-5, 1e-5, name);
  }

  @ParameterizedTest
  @MethodSource("models")
  void theBatchIsFree(String name) throws Exception {
    Model model = load(name);
    assertEquals(1, model.inputs().size());
    assertTrue(model.isBatched(), () -> model.inputs().toString());
    assertTrue(model.outputs().get(0).isBatched(), () -> model.outputs().toString());
    Port in = model.inputs().get(0);
    Tensor input = Golden.tensor(name, "input.npy");
    Tensor output = Golden.tensor(name, "output.npy");
    Graph three = model.graph(Map.of(in.name(), input.shape().with(0, 3)));
    Graph one = model.graph(Map.of(in.name(), input.shape()));
    assertEquals(output.shape(), one.output(model.outputs().get(0).name()).shape());
    assertEquals(output.shape().with(0, 3), three.output(model.outputs().get(0).name()).shape());
    assertEquals(one.layers().keySet(), three.layers().keySet());
  }

  @ParameterizedTest
  @MethodSource("models")
  void examplesOfABatchStayApart(String name) throws Exception {
    Model model = load(name);
    Port in = model.inputs().get(0);
    String out = model.outputs().get(0).name();
    Tensor input = Golden.tensor(name, "input.npy");
    Tensor baseline = Golden.tensor(name, "baseline.npy");
    Tensor both = Tensor.concatRows(List.of(baseline, input));
    Shape two = both.shape();
    Tensor actual =
        Run.output(
            new ReferenceBackend(),
            model.graph(Map.of(in.name(), two)),
            Map.of(in.name(), both),
            out);
    Closeness.assertClose(Golden.tensor(name, "output.npy"), actual.rows(1, 2), 1e-5, 1e-5, name);
  }
}
