package wherefore.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.testkit.Golden;

/** What goes wrong is told in one line that says what would do, and leaves nothing behind. */
class BadInputTest {
  private static final String MODEL = Golden.file("lenet").toString();
  private static final String INPUT = Golden.folder().resolve("lenet/input.npy").toString();

  @TempDir Path folder;
  private Bench bench = new Bench(Path.of(""));
  private List<String> before = List.of();

  @BeforeEach
  void open() {
    bench = new Bench(folder);
  }

  @AfterEach
  void nothingIsLeftBehind() throws IOException {
    assertEquals(before, files());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private Path put(String name, byte[] content) throws IOException {
    Path file = Files.write(folder.resolve(name), content);
    before = files();
    return file;
  }

  /** The line of an explanation that would also write all kinds of files. */
  private String explain(String... words) {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("--out", "values.npy", "--out", "document.json"));
    return bench.failure("explain", all.toArray(String[]::new));
  }

  private static void assertHas(String line, String... parts) {
    for (String part : parts) {
      assertTrue(line.contains(part), line);
    }
    assertTrue(line.startsWith("wherefore: "), line);
    assertTrue(!line.contains("internal error"), line);
  }

  @Test
  void missingFiles() {
    assertEquals(
        "wherefore: " + folder.resolve("none.npy") + ": no such file", explain(MODEL, "none.npy"));
    assertHas(explain("none.onnx", INPUT), "none.onnx", "no such file");
    assertEquals(
        "wherefore: " + folder.resolve("none.json") + ": no such file",
        bench.failure("replay", "none.json"));
  }

  @Test
  void truncatedModels() throws IOException {
    byte[] whole = Files.readAllBytes(Golden.file("lenet"));
    Path cut = put("cut.onnx", Arrays.copyOf(whole, whole.length / 2));
    assertHas(explain("cut.onnx", INPUT), cut.toString());
  }

  @Test
  void anEmptyModel() throws IOException {
    Path empty = put("empty.onnx", new byte[0]);
    assertHas(explain("empty.onnx", INPUT), empty.toString());
  }

  @Test
  void anInputOfAnotherSize() {
    String other = Golden.folder().resolve("vgg_bn/input.npy").toString();
    assertHas(explain(MODEL, other), other, "shape [", "input f32[", ",20,20]");
  }

  @Test
  void anInputThatIsNone() throws IOException {
    Path broken = put("broken.npy", "no array".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertHas(explain(MODEL, "broken.npy"), broken.toString());
    Path odd = put("input.xyz", new byte[3]);
    assertHas(explain(MODEL, "input.xyz"), odd.toString(), "npy");
  }

  @Test
  void unknownMethod() {
    assertHas(
        explain(MODEL, INPUT, "--method", "gradiant"),
        "no method is named gradiant",
        "gradient, guided-backprop, guided-integrated-gradients, input-x-gradient,"
            + " integrated-gradients, internal-influence, lrp, smoothgrad");
    assertEquals(
        "wherefore: no method is named gradiant; known: blur-integrated-gradients, conductance,"
            + " deconvnet, expected-gradients, gradient, guided-backprop,"
            + " guided-integrated-gradients, input-x-gradient, integrated-gradients,"
            + " internal-influence, lrp, smoothgrad, smoothgrad-squared, vargrad",
        bench.failure("methods", "gradiant"));
  }

  @Test
  void unknownOption() {
    assertEquals(
        "wherefore: integrated-gradients has no option step; known: accuracy, floor, over,"
            + " path, quadrature, steps, tolerance",
        explain(MODEL, INPUT, "--option", "step=5"));
  }

  @Test
  void optionOutOfRange() {
    assertEquals(
        "wherefore: integrated-gradients: option steps is -1; it must be a whole number from 0 to"
            + " 1000000",
        explain(MODEL, INPUT, "--option", "steps=-1"));
    assertEquals(
        "wherefore: integrated-gradients: option quadrature is simpson; it must be one of adaptive,"
            + " gauss-legendre, riemann-left, riemann-right, riemann-middle, trapezoid,"
            + " exact",
        explain(MODEL, INPUT, "--option", "quadrature=simpson"));
  }

  @Test
  void unknownTarget() {
    assertHas(explain(MODEL, INPUT, "--target", "5"), "target 5", "4");
    assertHas(explain(MODEL, INPUT, "--target", "cat"), "cat");
    assertHas(explain(MODEL, INPUT, "--target", "conv9[0]"), "conv9", "/net/net.0/Conv");
  }

  @Test
  void unknownLayer() {
    assertHas(
        explain(MODEL, INPUT, "--to", "conv9"), "conv9", "/net/net.0/Conv", "/net/net.9/Gemm");
  }

  @Test
  void unknownBackend() {
    assertHas(explain(MODEL, INPUT, "--backend", "tpu"), "no backend is named tpu", "reference");
  }

  @Test
  void unknownBaseline() {
    assertEquals(
        "wherefore: baseline black is not known; known: zero, constant(v), blurred(sigma),"
            + " uniform(low,high,n), gaussian(sigma,n), projection, or a file that exists",
        explain(MODEL, INPUT, "--baseline", "black"));
  }

  @Test
  void unknownKindOfFileIsToldBeforeAnythingIsComputed() {
    String line = bench.failure("explain", "no-model", "no-input", "--out", "a.bmp");
    assertHas(line, folder.resolve("a.bmp").toString(), "known: .html, .json, .npy");
    assertHas(
        bench.failure("explain", MODEL, INPUT, "--out", "nowhere/a.npy"),
        "a.npy: its folder does not exist");
  }

  @Test
  void exportToAnUnknownFormat() {
    assertHas(bench.failure("export", MODEL, "model.h5"), "model.h5");
  }

  @Test
  void aDocumentThatIsNone() throws IOException {
    Path broken = put("broken.json", "{".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertHas(bench.failure("replay", "broken.json"), broken.toString());
  }

  @Test
  void aDeadlineThatPasses() {
    assertHas(
        explain(
            MODEL,
            INPUT,
            "--deadline",
            "0.001",
            "--option",
            "quadrature=trapezoid",
            "--option",
            "steps=100000"),
        "deadline");
  }
}
