package wherefore.model.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.backend.reference.ReferenceBackend;
import wherefore.graph.Graph;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Closeness;
import wherefore.testkit.Golden;
import wherefore.testkit.Run;

class OnnxExporterTest {
  @TempDir Path folder;

  static List<String> models() {
    return Golden.models();
  }

  private Model reloaded(Model model) throws IOException {
    Path file = folder.resolve("again.onnx");
    try (OutputStream out = Files.newOutputStream(file)) {
      new OnnxExporter().export(model, out);
    }
    return new OnnxLoader().load(file, ModelCard.EMPTY);
  }

  private static Tensor output(Model model, Tensor input) {
    Map<String, Shape> shapes = Map.of(model.inputs().get(0).name(), input.shape());
    Graph graph = model.graph(shapes);
    return Run.output(
        new ReferenceBackend(),
        graph,
        Map.of(model.inputs().get(0).name(), input),
        model.outputs().get(0).name());
  }

  @ParameterizedTest
  @MethodSource("models")
  void aRoundTripKeepsFunctionPortsAndLayers(String name) throws Exception {
    Model model = new OnnxLoader().load(Golden.file(name), ModelCard.EMPTY);
    Model again = reloaded(model);
    assertEquals(model.inputs(), again.inputs());
    assertEquals(model.outputs(), again.outputs());
    Tensor one = Golden.tensor(name, "input.npy");
    Tensor two = Tensor.concatRows(List.of(Golden.tensor(name, "baseline.npy"), one));
    Closeness.assertClose(output(model, one), output(again, one), 1e-12, 1e-12, name);
    Closeness.assertClose(output(model, two), output(again, two), 1e-12, 1e-12, name);
    Map<String, Shape> shapes = Map.of(model.inputs().get(0).name(), two.shape());
    assertEquals(
        List.copyOf(model.graph(shapes).layers().keySet()),
        List.copyOf(again.graph(shapes).layers().keySet()));
  }
}
