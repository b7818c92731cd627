package wherefore.model.onnx;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import wherefore.backend.reference.ReferenceBackend;
import wherefore.graph.Graph;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Closeness;
import wherefore.testkit.Run;

/** One folder of ONNX's own test data. */
final class Conformance {
  private Conformance() {}

  /** The test folders below a folder, by name. */
  static List<Path> folders(Path root) throws IOException {
    try (Stream<Path> folders = Files.list(root)) {
      return folders.filter(f -> Files.isRegularFile(f.resolve("model.onnx"))).sorted().toList();
    }
  }

  /** Loads the model and compares all its data sets. */
  static void check(Path folder) throws IOException {
    Model model = new OnnxLoader().load(folder.resolve("model.onnx"), ModelCard.EMPTY);
    try (Stream<Path> sets = Files.list(folder)) {
      for (Path set : sets.filter(Files::isDirectory).sorted().toList()) {
        check(model, set);
      }
    }
  }

  private static void check(Model model, Path set) throws IOException {
    Map<String, Tensor> feeds = new LinkedHashMap<>();
    Map<String, Shape> shapes = new LinkedHashMap<>();
    List<Named> given = tensors(set, "input_");
    for (int i = 0; i < given.size(); i++) {
      Named tensor = given.get(i);
      boolean known = model.inputs().stream().anyMatch(p -> p.name().equals(tensor.name()));
      if (known || (tensor.name().isEmpty() && i < model.inputs().size())) {
        String port = known ? tensor.name() : model.inputs().get(i).name();
        feeds.put(port, tensor.value());
        shapes.put(port, tensor.value().shape());
      }
    }
    Graph graph = model.graph(shapes);
    Map<String, Tensor> outputs = Run.graph(new ReferenceBackend(), graph, feeds);
    List<Named> expected = tensors(set, "output_");
    for (int i = 0; i < expected.size(); i++) {
      String port = model.outputs().get(i).name();
      Closeness.assertClose(
          expected.get(i).value(), Run.get(outputs, port), 1e-3, 1e-5, set + " " + port);
    }
  }

  private record Named(String name, Tensor value) {}

  private static List<Named> tensors(Path set, String prefix) throws IOException {
    List<Named> tensors = new ArrayList<>();
    for (Path file :
        IntStream.range(0, 100).mapToObj(i -> set.resolve(prefix + i + ".pb")).toList()) {
      if (Files.exists(file)) {
        TensorProto proto = TensorProto.parseFrom(Files.readAllBytes(file));
        tensors.add(new Named(proto.getName(), new TensorReader(set).read(proto)));
      }
    }
    return tensors;
  }

  /** Prints a line a case: {@code passed NAME}, {@code unsupported NAME: why}, … */
  public static void main(String[] roots) throws IOException {
    int[] counts = new int[3];
    for (String root : roots) {
      for (Path folder : folders(Path.of(root))) {
        long start = System.nanoTime();
        String line = "passed";
        int kind = 0;
        try {
          check(folder);
        } catch (ModelException e) {
          line = "unsupported " + e.getMessage();
          kind = 1;
        } catch (RuntimeException | AssertionError e) {
          line = "FAILED " + e;
          kind = 2;
        }
        counts[kind]++;
        System.out.printf(
            "%s (%d ms): %s%n",
            folder.getFileName(), (System.nanoTime() - start) / 1_000_000, line);
      }
    }
    System.out.printf("%d passed, %d unsupported, %d failed%n", counts[0], counts[1], counts[2]);
  }
}
