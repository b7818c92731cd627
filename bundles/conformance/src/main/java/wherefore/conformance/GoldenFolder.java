package wherefore.conformance;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.MethodDescription;
import wherefore.attribution.Target;
import wherefore.graph.Graph;
import wherefore.model.Model;
import wherefore.tensor.Npy;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A folder with a model and attributions of it: {@code model.onnx}, {@code *.json}, {@code *.npy}.
 */
final class GoldenFolder implements Case {
  private final String name;
  private final Path json;

  GoldenFolder(String name, Path json) {
    this.name = name;
    this.json = json;
  }

  /** True if the file describes an attribution. */
  static boolean isCase(Path json) {
    try {
      return json.toString().endsWith(".json")
          && JSON.std.mapFrom(Files.readString(json)).containsKey("method");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double error(Bench bench) throws UnsupportedException, IOException {
    Map<String, Object> golden = JSON.std.mapFrom(Files.readString(json));
    MethodDescription method = method(bench, GoldenRequest.method(golden));
    Model model = bench.load(json.resolveSibling("model.onnx"));
    Tensor input = Npy.read(json.resolveSibling("input.npy"));
    Graph graph = Bench.graph(model, Map.of(model.inputs().get(0).name(), input.shape()));
    AttributionRequest asked =
        new GoldenRequest(folder(), graph, method)
            .with(start(bench, golden, method, model, input), parameters(golden));
    Attribution answer = bench.attributor().attribute(asked);
    return error(answer, golden);
  }

  private Path folder() {
    return json.resolveSibling("");
  }

  private static AttributionRequest start(
      Bench bench, Map<String, Object> golden, MethodDescription method, Model model, Tensor input)
      throws IOException {
    AttributionRequest request =
        GoldenRequest.start(AttributionRequest.of(model, input, method.id()), golden, method)
            .withTarget(Target.of(get(golden, "target", Number.class).intValue()));
    return bench.backend().map(request::withBackend).orElse(request);
  }

  @SuppressWarnings("unchecked") // What a JSON object is read as.
  private static Map<String, Object> parameters(Map<String, Object> golden) throws IOException {
    return get(golden, "parameters", Map.class);
  }

  private static MethodDescription method(Bench bench, String id) throws UnsupportedException {
    List<MethodDescription> methods = bench.attributor().methods();
    Optional<MethodDescription> found = methods.stream().filter(m -> m.id().equals(id)).findFirst();
    return found.orElseThrow(() -> new UnsupportedException("no method is named " + id));
  }

  private double error(Attribution answer, Map<String, Object> golden) throws IOException {
    String array = json.getFileName().toString().replaceAll("json$", "npy");
    Tensor expected = Npy.read(json.resolveSibling(array));
    Tensor actual = ofPlayers(answer.value(), expected.shape());
    if (!actual.shape().equals(expected.shape())) {
      throw new IOException(
          "the answer has shape %s, expected is %s".formatted(actual.shape(), expected.shape()));
    }
    Tolerance tolerance =
        new Tolerance(
            get(golden, "rtol", Number.class).doubleValue(),
            get(golden, "atol", Number.class).doubleValue());
    return tolerance.error(actual, expected);
  }

  /** Where a case has a value for each position of the outer axes alone, that is the sum there. */
  private static Tensor ofPlayers(Tensor actual, Shape wanted) {
    int rank = wanted.rank();
    Shape shape = actual.shape();
    if (rank >= shape.rank() || !shape.axes(0, rank).equals(wanted)) {
      return actual;
    }
    double[] sums = new double[wanted.size()];
    int each = actual.size() / sums.length;
    for (int e = 0; e < actual.size(); e++) {
      sums[e / each] += actual.get(e);
    }
    return Tensor.of(wanted, sums);
  }

  private static <T> T get(Map<String, Object> golden, String key, Class<T> type)
      throws IOException {
    Object value = golden.get(key);
    if (!type.isInstance(value)) {
      throw new IOException("the case's %s is %s".formatted(key, value));
    }
    return type.cast(value);
  }
}
