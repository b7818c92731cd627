package wherefore.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Explanation;
import wherefore.attribution.Provenance;
import wherefore.attribution.Target;
import wherefore.model.Input;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelCatalog;
import wherefore.model.ModelException;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class ExplanationDocumentTest {
  private static final String DIGEST = "0123456789abcdef".repeat(4);
  private static final Model MODEL = model(DIGEST);
  private static final ModelCatalog CATALOG = new Catalog(Map.of("digits", MODEL));

  private final ExplanationDocument format = new ExplanationDocument();
  @TempDir Path folder;

  /** Models by name. */
  private record Catalog(Map<String, Model> models) implements ModelCatalog {
    @Override
    public List<Entry> entries() {
      return List.of();
    }

    @Override
    public Model model(String nameOrFile) throws ModelException {
      Model model = models.get(nameOrFile);
      if (model == null) {
        throw new ModelException("no model " + nameOrFile + "; known: " + models.keySet());
      }
      return model;
    }

    @Override
    public Input input(Model model, String file) throws ModelException {
      throw new ModelException("no input " + file);
    }

    @Override
    public Tensor examples(Model model, String path) throws ModelException {
      throw new ModelException("no data set " + path);
    }
  }

  private static Model model(String digest) {
    Port port = new Port("x", ElementType.FLOAT32, List.of(Port.Axis.free(""), Port.Axis.fixed(3)));
    Network.Black identity = inputs -> Map.of("y", Objects.requireNonNull(inputs.get("x")));
    return new Model(
        "digits",
        "onnx",
        digest,
        "models/digits.onnx",
        ModelCard.EMPTY,
        List.of(port),
        List.of(port),
        identity);
  }

  private static AttributionRequest request() {
    SequencedMap<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("x", Tensor.of(Shape.of(1, 3), 0.1f, -0f, Float.NaN));
    inputs.put("ids", Tensor.of(Shape.of(1, 2), Long.MIN_VALUE, 7L));
    inputs.put("mask", Tensor.of(Shape.of(1, 2), true, false));
    return AttributionRequest.of(MODEL, inputs, "integrated-gradients").withOption("steps", 20);
  }

  private static Attribution attribution() {
    double[] odd = {Math.nextUp(0.1), -0.0, Double.NaN, Double.NEGATIVE_INFINITY, 5e-324, 1e308};
    SequencedMap<String, Tensor> values = new LinkedHashMap<>();
    values.put("x", Tensor.of(Shape.of(1, 6), odd));
    values.put("empty", Tensor.of(Shape.of(1, 0), new double[0]));
    return Attribution.of(values)
        .fact("residual", Math.PI * 1e-17)
        .fact("steps", 20)
        .fact("sum", Double.NaN)
        .fact("least", Double.NEGATIVE_INFINITY)
        .fact("zero", -0.0)
        .withErrors(Map.of("x", Tensor.of(Shape.of(1, 6), new double[6])))
        .with(
            new Provenance(
                "integrated-gradients",
                "0.1.0",
                Map.of("steps", "20", "quadrature", "adaptive"),
                "digits",
                DIGEST,
                "7",
                true,
                0.1 + 0.2,
                "zero",
                "",
                "reference",
                "plain Java \"√\"",
                Map.of("threads", "2"),
                Long.MIN_VALUE,
                Map.of("x", DIGEST),
                123456789012L,
                Instant.parse("2026-01-02T03:04:05.123456789Z"),
                0.25,
                Map.of("java", "25")));
  }

  private static Explanation explanation(AttributionRequest request) {
    return new Explanation(request, attribution(), Map.of("x", "seven.png"));
  }

  private String written(Explanation explanation) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    format.write(explanation, out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private Explanation read(String text, ModelCatalog models) throws IOException {
    return format.read(Files.writeString(folder.resolve("x.json"), text), models);
  }

  private String failure(String text, ModelCatalog models) {
    IOException e = assertThrows(IOException.class, () -> read(text, models));
    return String.valueOf(e.getMessage()).replace(folder.toString(), "");
  }

  private String failure(String text) {
    return failure(text, CATALOG);
  }

  static Stream<AttributionRequest> requests() {
    AttributionRequest plain = request();
    Tensor given = Tensor.of(Shape.of(2, 3), 1f, 2, 3, 4, 5, Float.POSITIVE_INFINITY);
    return Stream.of(
        plain,
        plain.withBaseline(new Baseline.Zero()).withTarget(Target.of(3, 4)).withSeed(-1),
        plain
            .withBaseline(new Baseline.Constant(Double.NEGATIVE_INFINITY))
            .withTarget(Target.parse("seven").asProbability()),
        plain.withBaseline(new Baseline.Given(given, "rows.npy")).withTo("conv1"),
        plain.withBaseline(new Baseline.Boundary(given, "rows.npy")),
        plain.withBaseline(new Baseline.Projection()),
        plain.withBaseline(new Baseline.Blurred(0.1)).withTarget(Target.parse("conv1[3,4,4]")),
        plain.withBaseline(new Baseline.Uniform(-0.5, 1.0 / 3, 20)).withSeed(Long.MAX_VALUE),
        plain
            .withBaseline(new Baseline.Gaussian(1e-300, 5))
            .withBackend("cpu")
            .withDeadline(Duration.ofMillis(1500)));
  }

  @ParameterizedTest
  @MethodSource("requests")
  void whatIsWrittenIsReadBackBitForBit(AttributionRequest request) throws IOException {
    Explanation explanation = explanation(request);
    String text = written(explanation);
    Explanation back = read(text, CATALOG);
    assertEquals(explanation, back);
    assertEquals(
        List.copyOf(explanation.attribution().facts().entrySet()),
        List.copyOf(back.attribution().facts().entrySet()));
    assertEquals(text, written(back));
    assertEquals(explanation.again(), back.again());
  }

  @Test
  void randomDoublesAreExact() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Attribution attribution = attribution();
    for (int i = 0; i < 500; i++) {
      attribution = attribution.fact("f" + i, Double.longBitsToDouble(random.nextLong()));
    }
    Explanation explanation = new Explanation(request(), attribution, Map.of());
    assertEquals(explanation, read(written(explanation), CATALOG), "seed " + seed);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void whatIsWrittenFitsTheSchema(AttributionRequest request) throws IOException {
    assertEquals(Set.of(), violations(written(explanation(request))));
  }

  @Test
  void withoutProvenanceAndSourcesItIsADocumentToo() throws IOException {
    Attribution bare = Attribution.of(Map.of("x", Tensor.of(Shape.of(1, 1), 1.0)));
    Explanation explanation = new Explanation(request(), bare, Map.of());
    assertEquals(Set.of(), violations(written(explanation)));
    assertEquals(explanation, read(written(explanation), CATALOG));
  }

  @Test
  void theSchemaRefusesWhatTheReaderRefuses() throws IOException {
    String text = written(explanation(request()));
    for (String broken :
        List.of(
            text.replace("\"seed\" : 0", "\"seed\" : 0.5"),
            text.replace("\"kind\" : \"predicted\"", "\"kind\" : \"largest\""),
            text.replace("\"method\" :", "\"metod\" :"),
            text.replace("\"f32\"", "\"f16\""),
            text.replace("explanation/1", "explanation/2"))) {
      assertEquals(false, violations(broken).isEmpty(), broken);
      assertThrows(IOException.class, () -> read(broken, CATALOG));
    }
  }

  private static Set<ValidationMessage> violations(String text) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            ExplanationDocument.class.getResourceAsStream(ExplanationDocument.SCHEMA))) {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(in)
          .validate(text, InputFormat.JSON);
    }
  }

  @Test
  void theModelIsFoundByItsFileToo() throws IOException {
    String text = written(explanation(request()));
    Model other = model("f".repeat(64));
    Explanation back =
        read(text, new Catalog(Map.of("digits", other, "models/digits.onnx", MODEL)));
    assertEquals(MODEL, back.request().model());
  }

  @Test
  void anotherOrMissingModelIsRefused() throws IOException {
    String text = written(explanation(request()));
    assertEquals(
        "/x.json: its model digits (onnx, models/digits.onnx) has the SHA-256 "
            + DIGEST
            + " and isn't there: the one at models/digits.onnx has "
            + "f".repeat(64)
            + "; put that file back",
        failure(text, new Catalog(Map.of("digits", model("f".repeat(64))))));
    assertEquals(
        "/x.json: its model digits (onnx, models/digits.onnx) has the SHA-256 "
            + DIGEST
            + " and isn't there: no model digits; known: []; put that file back",
        failure(text, new Catalog(Map.of())));
  }

  @Test
  void whatIsNoDocumentIsRefused() throws IOException {
    assertEquals(
        "/x.json: is not valid JSON at line 1, column 0: No content to map due to end-of-input",
        failure(""));
    assertEquals("/x.json: is not one JSON object, as explanation documents are", failure("{} {}"));
    assertEquals(
        "/x.json: is no explanation document: it lacks the field wherefore, which says"
            + " explanation/1",
        failure("{\"a\": 1}"));
    assertEquals(
        "/x.json: is written as explanation/2; explanation/1 can be read",
        failure("{\"wherefore\": \"explanation/2\", \"new\": {}}"));
    IOException e =
        assertThrows(IOException.class, () -> format.read(folder.resolve("none.json"), CATALOG));
    assertEquals(
        "/none.json: there is no such file",
        String.valueOf(e.getMessage()).replace(folder.toString(), ""));
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    String text = written(explanation(request()));
    for (int length = 1; length < text.length() - 3; length += 61) {
      String message = failure(text.substring(0, length));
      assertEquals(true, message.startsWith("/x.json: is not valid JSON at line "), message);
    }
    String trailing = failure(text + "{}");
    assertEquals("/x.json: is not one JSON object, as explanation documents are", trailing);
  }

  @Test
  void errorsNameThePlace() throws IOException {
    String text = written(explanation(request()));
    assertEquals(
        "/x.json: provenance.rows is many; it must be a whole number of 64 bits",
        failure(text.replace("123456789012", "\"many\"")));
    assertEquals(
        "/x.json: request.metod is not known; known: backend, baseline, deadline, inputs, method,"
            + " options, seed, target, to",
        failure(text.replace("\"seed\" : 0", "\"metod\" : 1, \"seed\" : 0")));
    assertEquals(
        "/x.json: provenance.device is missing; it must be a text",
        failure(text.replace("\"device\"", "\"devise\"")));
    assertEquals(
        "/x.json: provenance.started is today; it must be a time as ISO 8601 has it",
        failure(text.replace("2026-01-02T03:04:05.123456789Z", "today")));
    assertEquals(
        "/x.json: request.baseline: kind is none; it must be default, zero, constant, given,"
            + " blurred, uniform, gaussian, boundary or projection",
        failure(text.replace("\"kind\" : \"default\"", "\"kind\" : \"none\"")));
    assertEquals(
        "/x.json: attribution.facts.residual is [1]; it must be a number, NaN, Infinity or"
            + " -Infinity",
        failure(text.replaceFirst("(\"residual\" : )[^,]*", "$1[1]")));
  }

  @Test
  void changedTensorsAreNoticed() throws IOException {
    String text = written(explanation(request()));
    Tensor x = Objects.requireNonNull(request().inputs().get("x"));
    String wrong = "0".repeat(64);
    assertEquals(
        "/x.json: request.inputs.x.tensor: the digest is %s, but that of the tensor in it is %s: it was changed or damaged"
            .formatted(wrong, x.digest()),
        failure(text.replace(x.digest(), wrong)));
    assertEquals(
        "/x.json: request.inputs.x.tensor: says f64[1, 3], but the tensor in it is f32[1,3]",
        failure(text.replaceFirst("\"f32\"", "\"f64\"")));
    assertEquals(
        "/x.json: request.inputs.x.tensor.npy: is not a .npy file: its first bytes are not"
            + " \\x93NUMPY",
        failure(text.replaceFirst("\"npy\" : \"k05V", "\"npy\" : \"AAAA")));
    assertEquals(
        "/x.json: request.inputs.x.tensor: npy is not base64: Illegal base64 character 2d",
        failure(text.replaceFirst("\"npy\" : \"k05V", "\"npy\" : \"----")));
  }
}
