package wherefore.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import wherefore.model.Model;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A test folder of the ONNX project: {@code model.onnx} and {@code test_data_set_*} with {@code
 * input_*.pb} and {@code output_*.pb}.
 */
final class OnnxFolder implements Case {
  private final String name;
  private final Path folder;

  OnnxFolder(String name, Path folder) {
    this.name = name;
    this.folder = folder;
  }

  /** The folder's data sets, by name. */
  static List<Path> dataSets(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(e -> e.getFileName().toString().startsWith("test_data_set_"))
          .sorted()
          .toList();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double error(Bench bench) throws UnsupportedException, IOException {
    Model model = bench.load(folder.resolve("model.onnx"));
    double largest = 0;
    for (Path set : dataSets(folder)) {
      largest = Math.max(largest, error(bench, model, set));
    }
    return largest;
  }

  private static double error(Bench bench, Model model, Path set)
      throws UnsupportedException, IOException {
    Map<String, Tensor> inputs = read(bench, model.inputs(), set, "input");
    Map<String, Shape> shapes =
        inputs.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().shape()));
    Bench.graph(model, shapes);
    Map<String, Tensor> outputs =
        new HashMap<>(bench.attributor().predict(model, inputs, bench.backend()));
    double largest = 0;
    for (Map.Entry<String, Tensor> e : read(bench, model.outputs(), set, "output").entrySet()) {
      Tensor actual = outputs.getOrDefault(e.getKey(), Tensor.scalar(Double.NaN));
      if (!actual.shape().equals(e.getValue().shape())) {
        throw new IOException(
            "output %s has shape %s, expected is %s"
                .formatted(e.getKey(), actual.shape(), e.getValue().shape()));
      }
      largest = Math.max(largest, Tolerance.ONNX.error(actual, e.getValue()));
    }
    return largest;
  }

  private static Map<String, Tensor> read(Bench bench, List<Port> ports, Path set, String kind)
      throws UnsupportedException, IOException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < ports.size(); i++) {
      Path file = set.resolve(kind + "_" + i + ".pb");
      tensors.put(ports.get(i).name(), bench.read(file, ports.get(i)));
    }
    return tensors;
  }
}
