package wherefore.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.model.InputReader;
import wherefore.model.ModelLoader;
import wherefore.runtime.attributor.AttributorService;
import wherefore.testkit.Golden;
import wherefore.testkit.TestData;

class ConformanceCommandTest {
  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String backend, String... words) {
    ConformanceCommand command = new ConformanceCommand(new AttributorService());
    command.loaders = all(ModelLoader.class);
    command.readers = all(InputReader.class);
    return command.run(folder, backend, List.of(words), stream(out), stream(err));
  }

  private static <T> List<T> all(Class<T> type) {
    List<T> found = new ArrayList<>();
    ServiceLoader.load(type).forEach(found::add);
    return found;
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private List<String> lines() {
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }

  /** A golden case of lenet, under another name if need be, changed by a substitution. */
  private void put(String golden, String name, String find, String replacement) throws IOException {
    Path source = Golden.folder().resolve("lenet");
    Path target = Files.createDirectories(folder.resolve("cases/lenet"));
    for (String file : List.of("model.onnx", "input.npy", "baseline.npy")) {
      if (!Files.exists(target.resolve(file))) {
        Files.copy(source.resolve(file), target.resolve(file));
      }
    }
    Files.copy(source.resolve(golden + ".npy"), target.resolve(name + ".npy"));
    String json = Files.readString(source.resolve(golden + ".json"));
    Files.writeString(
        target.resolve(name + ".json"),
        Pattern.compile(find).matcher(json).replaceAll(replacement));
  }

  @Test
  void oneOfEach() throws IOException {
    put("gradient", "good", "$^", "");
    put("gradient", "other-target", "\"target\": *\\d+", "\"target\": 3");
    put("gradient", "other-method", "\"method\": *\"gradient\"", "\"method\": \"lrp\"");
    assertEquals(1, run("", "cases"));
    assertEquals(4, lines().size());
    assertTrue(lines().get(0).matches("lenet/good +passed +\\S+"), lines().get(0));
    assertEquals(
        "lenet/other-method unsupported - no method is named lrp",
        lines().get(1).replaceAll(" +", " "));
    assertTrue(
        lines().get(2).matches("lenet/other-target +failed +\\S+ +beyond the tolerance"),
        lines().get(2));
    assertEquals("1 passed, 1 failed, 1 unsupported", lines().get(3));
  }

  @Test
  void nothingFailedIsSuccess() throws IOException {
    put("gradient", "good", "$^", "");
    put("input_x_gradient", "better", "$^", "");
    put("gradient", "unknown", "\"method\": *\"gradient\"", "\"method\": \"lrp\"");
    assertEquals(0, run("reference", "cases/lenet"));
    assertEquals("2 passed, 0 failed, 1 unsupported", lines().getLast());
  }

  @Test
  void layersAreCountedAsTheGraphHasThem() throws IOException {
    put("layer_gradient_x_activation_conv1", "layer", "$^", "");
    put("layer_gradient_x_activation_conv1", "no-layer", "number 1", "number 7");
    assertEquals(0, run("", "cases"));
    assertTrue(lines().get(0).contains("passed"), lines().get(0));
    assertTrue(lines().get(1).contains("unsupported"), lines().get(1));
    assertTrue(lines().get(1).contains("the model has 2 convolutions"), lines().get(1));
  }

  @Test
  void aBrokenModelIsNoCrash() throws IOException {
    put("gradient", "good", "$^", "");
    Path model = folder.resolve("cases/lenet/model.onnx");
    byte[] whole = Files.readAllBytes(model);
    Files.write(model, Arrays.copyOf(whole, whole.length / 2));
    assertEquals(0, run("", "cases"));
    assertEquals("0 passed, 0 failed, 1 unsupported", lines().getLast());
  }

  @Test
  void refusalsAreOneLine() throws IOException {
    assertEquals(2, run(""));
    assertEquals(1, run("", "nowhere"));
    Files.createDirectories(folder.resolve("empty"));
    assertEquals(1, run("tpu", "empty"));
    assertEquals(
        List.of(
            "wherefore: conformance: DIR is missing; usage: conformance DIR [--backend ID]",
            "wherefore: " + folder.resolve("nowhere") + ": no such folder",
            "wherefore: no backend is named tpu; known: reference"),
        err.toString(StandardCharsets.UTF_8).lines().toList());
  }

  @Test
  void operatorsAsPyTorchExportedThem() throws IOException {
    Path source = TestData.assumeConformance().resolve("pytorch-converted/test_Conv2d");
    Path target = folder.resolve("onnx/test_Conv2d");
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        Path copy = target.resolve(source.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
    assertEquals(0, run("", "onnx"));
    assertTrue(lines().get(0).matches("test_Conv2d +passed +\\S+"), lines().get(0));
    assertEquals("1 passed, 0 failed, 0 unsupported", lines().getLast());
  }
}
