package wherefore.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceRegistration;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Attributor;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Feasibility;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Options;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.model.BlackBox;
import wherefore.model.Input;
import wherefore.model.Model;
import wherefore.model.ModelCatalog;
import wherefore.model.ModelException;
import wherefore.model.ModelLoader;
import wherefore.model.Passage;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Black boxes, models that come and go, and inputs of all kinds, in the framework. */
class InputsIT {
  private static final Path FILES = Path.of("src/test/resources").toAbsolutePath();

  @RegisterExtension static final FrameworkExtension FRAMEWORK = new FrameworkExtension();
  @TempDir Path folder = Path.of("");

  /** f(x) − f(0) for the whole input, spread evenly: evaluates two rows. */
  static final class Change implements AttributionMethod<Options.None> {
    @Override
    public String id() {
      return "change";
    }

    @Override
    public Class<Options.None> options() {
      return Options.None.class;
    }

    @Override
    public MethodInfo info() {
      return new MethodInfo("?", Set.of(Need.FORWARD), "2 F", "none");
    }

    @Override
    public Attribution attribute(AttributionRequest r, Options.None o, Evaluator evaluator) {
      Variable x = evaluator.subject().variables().get(0);
      Tensor both = Tensor.concatRows(List.of(x.value(), x.baseline()));
      Tensor f =
          Optional.ofNullable(
                  evaluator
                      .map(evaluator.subject().forward(), Rows.of(Map.of(x.name(), both)))
                      .get(Subject.TARGET))
              .orElseThrow();
      double each = (f.get(0) - f.get(1)) / x.value().size();
      double[] values = new double[x.value().size()];
      Arrays.fill(values, each);
      return Attribution.of(Map.of(x.name(), Tensor.of(x.value().shape(), values)));
    }
  }

  private static ServiceRegistration<?> change() {
    Dictionary<String, Object> properties = new Hashtable<>(Map.of("wherefore.method", "change"));
    return FRAMEWORK
        .context()
        .registerService(AttributionMethod.class.getName(), new Change(), properties);
  }

  private static BlackBox times(double factor) {
    return BlackBox.of(
        "risk",
        Port.parse("x f32[batch,2]"),
        Port.parse("y f64[batch,1]"),
        x -> {
          double[] y = new double[x.shape().dim(0)];
          for (int i = 0; i < x.size(); i++) {
            y[i / 2] += factor * x.get(i);
          }
          return Tensor.of(Shape.of(y.length, 1), y);
        });
  }

  @Test
  void aServiceIsAModel() throws Exception {
    ModelCatalog catalog = FRAMEWORK.service(ModelCatalog.class);
    Attributor attributor = FRAMEWORK.service(Attributor.class);
    ServiceRegistration<?> method = change();
    ServiceRegistration<?> box =
        FRAMEWORK.context().registerService(BlackBox.class.getName(), times(2), null);
    ModelCatalog.Entry entry =
        catalog.entries().stream().filter(e -> e.name().equals("risk")).findFirst().orElseThrow();
    assertEquals("function", entry.format());
    assertTrue(entry.file().startsWith("org.eclipse.osgi 3."), entry.file());

    Model model = catalog.model("risk");
    AttributionRequest request =
        AttributionRequest.of(model, Tensor.of(Shape.of(1, 2), 3f, 5), "change");
    Attribution answer = attributor.attribute(request);
    assertArrayEquals(new double[] {8, 8}, answer.value().toDoubles());
    assertEquals(
        entry.file(), answer.provenance().orElseThrow().versions().get("wherefore.model.risk"));
    AttributionException refusal =
        assertThrows(
            AttributionException.class, () -> attributor.attribute(request.withMethod("gradient")));
    assertTrue(
        String.valueOf(refusal.getMessage())
            .startsWith(
                "method gradient needs a graph, and model risk is a function without one; methods"
                    + " that work: "),
        refusal::toString);
    assertTrue(String.valueOf(refusal.getMessage()).contains("change"), refusal::toString);

    // An update: the model that a client holds goes on with the new service.
    box.unregister();
    box = FRAMEWORK.context().registerService(BlackBox.class.getName(), times(4), null);
    assertEquals(16, attributor.attribute(request).value().get(0));
    box.unregister();
    method.unregister();
    assertFalse(catalog.entries().stream().anyMatch(e -> e.name().equals("risk")));
    assertEquals(List.of(), FRAMEWORK.errors());
  }

  @Test
  void onnxRuntimeTakesWhatTheLoaderForGraphsRefuses() throws Exception {
    ModelCatalog catalog = FRAMEWORK.service(ModelCatalog.class);
    Attributor attributor = FRAMEWORK.service(Attributor.class);
    String file = FILES.resolve("determinant.onnx").toString();
    ModelException refusal = assertThrows(ModelException.class, () -> catalog.model(file));
    assertTrue(
        String.valueOf(refusal.getMessage())
            .endsWith(
                "1 operator is not supported: Det (node \"det\", opset 13); the optional bundle"
                    + " wherefore.model.onnxruntime would run it for methods that only evaluate"),
        refusal::toString);
    ServiceRegistration<?> method = change();
    Bundle natives = install("native-onnxruntime");
    Bundle loader = install("model-onnxruntime");
    loader.start();
    FRAMEWORK.service(ModelLoader.class, "(wherefore.loader=onnxruntime)");
    Model model = catalog.model(file);
    assertEquals("onnxruntime", model.format());
    Tensor x = Tensor.of(Shape.of(1, 2, 2), 1f, 2, 3, 4);
    assertEquals(
        -0.5, attributor.attribute(AttributionRequest.of(model, x, "change")).sum() / 4, 1e-6);
    assertEquals(
        "onnx",
        catalog.model(Path.of("examples/digits/digits.onnx").toAbsolutePath().toString()).format());
    loader.uninstall();
    assertThrows(ModelException.class, () -> catalog.model(file));
    natives.uninstall();
    method.unregister();
    assertEquals(List.of(), FRAMEWORK.errors());
  }

  private static Bundle install(String module) throws Exception {
    try (DirectoryStream<Path> jars =
        Files.newDirectoryStream(Path.of("../bundles", module, "target"), "wherefore.*.jar")) {
      return FRAMEWORK
          .context()
          .installBundle(
              "reference:" + jars.iterator().next().toAbsolutePath().normalize().toUri());
    }
  }

  @Test
  void modelsComeChangeAndGoWithTheirFiles() throws Exception {
    ModelCatalog catalog = FRAMEWORK.service(ModelCatalog.class);
    System.setProperty("wherefore.models", folder.toString());
    try {
      assertEquals(List.of(), names(catalog));
      put("film/film.onnx", "dropped.onnx");
      assertEquals(List.of("dropped"), names(catalog));
      Model old = catalog.model("dropped");
      Files.writeString(folder.resolve("dropped.json"), "{\"card\": 1, \"name\": \"reviews\"}");
      assertEquals(List.of("reviews"), names(catalog));
      put("determinant.onnx", "dropped.onnx");
      assertThrows(ModelException.class, () -> catalog.model("reviews"));
      // What was got before goes on as it was.
      Tensor ids = Tensor.of(Shape.of(1, 3), 2L, 8, 3);
      Tensor mask = Tensor.of(Shape.of(1, 3), 1L, 1, 1);
      Attributor attributor = FRAMEWORK.service(Attributor.class);
      Tensor logits =
          attributor
              .predict(old, Map.of("input_ids", ids, "attention_mask", mask), Optional.empty())
              .get("logits");
      assertEquals(2, Optional.ofNullable(logits).orElseThrow().size());
      Files.delete(folder.resolve("dropped.onnx"));
      assertEquals(List.of(), names(catalog));
    } finally {
      System.clearProperty("wherefore.models");
    }
  }

  private static List<String> names(ModelCatalog catalog) {
    return catalog.entries().stream()
        .filter(e -> !e.format().equals("function"))
        .map(ModelCatalog.Entry::name)
        .toList();
  }

  private void put(String from, String name) throws IOException {
    Path part = Files.copy(FILES.resolve(from), folder.resolve("part"));
    Files.move(part, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void aTextIsExplainedTokenByToken() throws Exception {
    ModelCatalog catalog = FRAMEWORK.service(ModelCatalog.class);
    Attributor attributor = FRAMEWORK.service(Attributor.class);
    Model model = catalog.model(FILES.resolve("film/film.onnx").toString());
    Input input = catalog.input(model, FILES.resolve("film/review.txt").toString());
    List<String> tokens = input.passage().map(Passage::names).orElseThrow();
    assertEquals("[CLS]", tokens.get(0));
    assertTrue(
        tokens.containsAll(List.of("wonder", "##ful", "act", "##ing", "great")), () -> "" + tokens);
    Attribution answer =
        attributor.attribute(AttributionRequest.of(model, input.inputs(model), "input-x-gradient"));
    assertEquals(List.of("embeddings"), List.copyOf(answer.values().keySet()));
    double[] sums = new double[tokens.size()];
    for (int i = 0; i < answer.value().size(); i++) {
      sums[i / 6] += answer.value().get(i);
    }
    double largest = Arrays.stream(sums).max().orElseThrow();
    assertEquals(largest, sums[tokens.indexOf("great")], () -> Arrays.toString(sums));
  }

  @Test
  void webpIsReadInABundle() throws Exception {
    ModelCatalog catalog = FRAMEWORK.service(ModelCatalog.class);
    Model model = catalog.model("digits");
    assertEquals(
        catalog
            .input(model, Path.of("examples/digits/seven.png").toAbsolutePath().toString())
            .value(),
        catalog.input(model, FILES.resolve("seven.webp").toString()).value());
  }

  @Test
  void aModelIsCheckedForAllMethods() throws Exception {
    Model model = FRAMEWORK.service(ModelCatalog.class).model("digits");
    Feasibility report =
        FRAMEWORK
            .service(Attributor.class)
            .check(
                model,
                Map.of(
                    model.inputs().get(0).name(), Tensor.of(Shape.of(1, 1, 8, 8), new float[64])),
                Optional.empty());
    Feasibility.Method gradient = method(report, "gradient");
    assertTrue(gradient.works(), gradient::obstacle);
    assertEquals(1, gradient.forward());
    assertEquals(1, gradient.backward());
    Feasibility.Method integrated = method(report, "integrated-gradients");
    // It goes on until it is exact enough, which zeros are at once.
    assertTrue(integrated.backward() > 1, () -> "" + integrated);
    assertTrue(integrated.multiplications() > 2 * gradient.multiplications());
    assertTrue(integrated.seconds() > gradient.seconds() && integrated.bytes() > 0);
    assertTrue(report.forwardSeconds() > 0 && report.gradientSeconds() > 0);
  }

  private static Feasibility.Method method(Feasibility report, String id) {
    return report.methods().stream().filter(m -> m.id().equals(id)).findFirst().orElseThrow();
  }

  @Test
  void theShellDrawsTheTextAndPrintsTheCheck() throws Exception {
    String model = FILES.resolve("film/film.onnx").toString();
    String review = FILES.resolve("film/review.txt").toString();
    Path html = folder.resolve("why.html");
    Path png = folder.resolve("why.png");
    Command.Outcome outcome =
        Command.wherefore(
                folder.resolve("state"),
                "explain",
                model,
                review,
                "--method",
                "input-x-gradient",
                "--out",
                html.toString(),
                "--out",
                png.toString())
            .run(java.time.Duration.ofMinutes(2));
    assertEquals(0, outcome.exitCode(), outcome.toString());
    assertTrue(Files.readString(html).contains(">wonder</span><span"), outcome.toString());
    Files.copy(png, Path.of("target/text.png"), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(html, Path.of("target/text.html"), StandardCopyOption.REPLACE_EXISTING);
    Command.Outcome check =
        Command.wherefore(folder.resolve("state"), "check", model, "--input", review)
            .run(java.time.Duration.ofMinutes(2));
    assertEquals(0, check.exitCode(), check.toString());
    assertTrue(check.output().startsWith("METHOD"), check.output());
    assertTrue(check.output().contains("on cpu ("), check.output());
    Files.writeString(Path.of("target/check.txt"), check.output());
  }
}
