package wherefore.testkit;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import wherefore.tensor.Npy;
import wherefore.tensor.Tensor;

/**
 * The golden cases: attributions of small networks, computed in float64 by published
 * implementations and by formulas written out. {@code golden/README.md} describes them.
 */
public final class Golden {
  private static final Path FOLDER = TestData.folder("golden");

  private Golden() {}

  /**
   * One golden attribution.
   *
   * @param model the network, a folder's name
   * @param name the case's
   * @param method the method's id
   * @param parameters by name: numbers, strings, booleans, lists; one that ends in {@code .npy}
   *     names a tensor of the {@linkplain Golden#tensor model}
   * @param target which output is explained
   * @param outputAtInput the target output at the input
   * @param outputAtBaseline the target output at the baseline
   * @param source where the expected values come from
   * @param rtol tolerance relative to the expected value
   * @param atol tolerance added to it
   */
  public record Case(
      String model,
      String name,
      String method,
      Map<String, Object> parameters,
      int target,
      double outputAtInput,
      double outputAtBaseline,
      String source,
      double rtol,
      double atol) {
    /** Copies the map. */
    public Case {
      parameters = Map.copyOf(parameters);
    }

    /** The expected attribution. */
    public Tensor expected() {
      return tensor(model, name + ".npy");
    }

    /** The model's input. */
    public Tensor input() {
      return tensor(model, "input.npy");
    }

    /** The model's baseline. */
    public Tensor baseline() {
      return tensor(model, "baseline.npy");
    }

    /** The model's file. */
    public Path file() {
      return Golden.file(model);
    }

    /** {@code lenet/gradient}. */
    @Override
    public String toString() {
      return model + "/" + name;
    }
  }

  /** The folder with all of them, as the {@code conformance} command takes it. */
  public static Path folder() {
    return FOLDER;
  }

  /** The names of the networks. */
  public static List<String> models() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(Files::isDirectory)
          .map(f -> f.getFileName().toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A network's ONNX file. */
  public static Path file(String model) {
    return FOLDER.resolve(model).resolve("model.onnx");
  }

  /** A tensor beside a network: {@code input.npy}, {@code output.npy}, {@code background.npy}. */
  public static Tensor tensor(String model, String file) {
    try {
      return Npy.read(FOLDER.resolve(model).resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All attributions of all networks. */
  public static List<Case> cases() {
    return models().stream().flatMap(m -> cases(m).stream()).toList();
  }

  /** The attributions of a network, by name. */
  public static List<Case> cases(String model) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(model))) {
      return files
          .filter(f -> f.toString().endsWith(".json"))
          .filter(f -> Files.exists(f.resolveSibling(npy(f))))
          .sorted()
          .map(f -> read(model, f))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String npy(Path json) {
    return json.getFileName().toString().replace(".json", ".npy");
  }

  private static Case read(String model, Path file) {
    try {
      Map<String, Object> json = JSON.std.mapFrom(Files.readString(file));
      return new Case(
          model,
          get(json, "case", String.class),
          get(json, "method", String.class),
          JSON.std.mapFrom(JSON.std.asString(get(json, "parameters", Map.class))),
          get(json, "target", Number.class).intValue(),
          get(json, "output_at_input", Number.class).doubleValue(),
          get(json, "output_at_baseline", Number.class).doubleValue(),
          get(json, "source", String.class),
          get(json, "rtol", Number.class).doubleValue(),
          get(json, "atol", Number.class).doubleValue());
    } catch (IOException e) {
      throw new UncheckedIOException(file.toString(), e);
    }
  }

  private static <T> T get(Map<String, Object> json, String key, Class<T> type) {
    Object value = json.get(key);
    if (value == null) {
      throw new IllegalArgumentException("a golden case has no " + key + ": " + json);
    }
    return type.cast(value);
  }

  /**
   * Fails unless |actual − expected| ≤ atol + rtol·|expected| for every element.
   *
   * @throws AssertionError naming the worst element
   */
  public static void assertMatches(Tensor actual, Case golden) {
    Closeness.assertClose(
        golden.expected(), actual, golden.rtol(), golden.atol(), golden.toString());
  }
}
