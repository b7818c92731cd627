package wherefore.document;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Explanation;
import wherefore.attribution.Provenance;
import wherefore.attribution.Target;
import wherefore.model.Model;
import wherefore.model.ModelCatalog;
import wherefore.model.ModelException;
import wherefore.tensor.Tensor;

/** What {@link DocumentWriter} wrote. */
final class DocumentReader {
  private final ModelCatalog models;
  private final Map<String, String> sources = new LinkedHashMap<>();

  DocumentReader(ModelCatalog models) {
    this.models = models;
  }

  Explanation explanation(Fields document) throws DocumentException {
    Fields model = document.object("model");
    Fields request = document.object("request");
    Attribution attribution = attribution(document.object("attribution"));
    if (document.has("provenance")) {
      attribution = attribution.with(provenance(document.object("provenance")));
    }
    document.end();
    AttributionRequest asked = request(request, model);
    return new Explanation(asked, attribution, sources);
  }

  private Model model(Fields fields) throws DocumentException {
    String name = fields.text("name");
    String format = fields.text("format");
    String source = fields.text("source");
    String digest = fields.text("digest");
    fields.end();
    String found = "";
    for (String nameOrFile : List.of(name, source)) {
      try {
        Model model = models.model(nameOrFile);
        if (model.digest().equals(digest)) {
          return model;
        }
        found = "the one at %s has %s".formatted(model.source(), model.digest());
      } catch (ModelException e) {
        found = found.isEmpty() ? String.valueOf(e.getMessage()) : found;
      }
    }
    throw new DocumentException(
        "its model %s (%s, %s) has the SHA-256 %s and isn't there: %s; put that file back"
            .formatted(name, format, source, digest, found));
  }

  private AttributionRequest request(Fields fields, Fields model) throws DocumentException {
    SequencedMap<String, Tensor> inputs = new LinkedHashMap<>();
    Fields given = fields.object("inputs");
    for (String name : given.names()) {
      inputs.put(name, input(name, given.object(name)));
    }
    String method = fields.text("method");
    Map<String, String> options = fields.texts("options");
    Target target = target(fields.object("target"));
    Baseline baseline = baseline(fields.object("baseline"));
    Optional<String> to = fields.optionalText("to");
    Optional<String> backend = fields.optionalText("backend");
    long seed = fields.integer("seed");
    Optional<Duration> deadline =
        fields.has("deadline")
            ? Optional.of(time(fields, "deadline", Duration::parse))
            : Optional.empty();
    fields.end();
    return new AttributionRequest(
        model(model), inputs, method, options, target, baseline, to, backend, seed, deadline);
  }

  private Tensor input(String name, Fields fields) throws DocumentException {
    fields.optionalText("source").ifPresent(source -> sources.put(name, source));
    Tensor tensor = Tensors.tensor(fields.object("tensor"));
    fields.end();
    return tensor;
  }

  private static Target target(Fields fields) throws DocumentException {
    String kind = fields.text("kind");
    Target.Choice choice =
        switch (kind) {
          case "predicted" -> new Target.Choice.Predicted();
          case "index" -> new Target.Choice.Index(fields.integers("index"));
          case "label" -> new Target.Choice.Label(fields.text("label"));
          default ->
              throw fields.failure("kind is " + kind + "; it must be predicted, index or label");
        };
    Target target = new Target(choice, fields.optionalText("layer"), fields.truth("probability"));
    fields.end();
    return target;
  }

  private static Baseline baseline(Fields fields) throws DocumentException {
    String kind = fields.text("kind");
    Baseline baseline =
        switch (kind) {
          case "default" -> new Baseline.Default();
          case "zero" -> new Baseline.Zero();
          case "constant" -> new Baseline.Constant(fields.number("value"));
          case "given" ->
              new Baseline.Given(Tensors.tensor(fields.object("tensor")), fields.text("source"));
          case "blurred" -> new Baseline.Blurred(fields.number("sigma"));
          case "uniform" ->
              new Baseline.Uniform(
                  fields.number("low"), fields.number("high"), fields.count("count"));
          case "gaussian" -> new Baseline.Gaussian(fields.number("sigma"), fields.count("count"));
          case "boundary" ->
              new Baseline.Boundary(Tensors.tensor(fields.object("tensor")), fields.text("source"));
          case "projection" -> new Baseline.Projection();
          default ->
              throw fields.failure(
                  "kind is "
                      + kind
                      + "; it must be default, zero, constant, given, blurred, uniform, gaussian,"
                      + " boundary or projection");
        };
    fields.end();
    return baseline;
  }

  private static Attribution attribution(Fields fields) throws DocumentException {
    Attribution attribution =
        new Attribution(
            fields.all("values", Tensors::tensor),
            fields.all("errors", Tensors::tensor),
            fields.numbers("facts"),
            Optional.empty());
    fields.end();
    return attribution;
  }

  private static Provenance provenance(Fields fields) throws DocumentException {
    Provenance provenance =
        new Provenance(
            fields.text("method"),
            fields.text("methodVersion"),
            fields.texts("options"),
            fields.text("model"),
            fields.text("modelDigest"),
            fields.text("target"),
            fields.truth("probability"),
            fields.number("output"),
            fields.text("baseline"),
            fields.text("to"),
            fields.text("backend"),
            fields.text("device"),
            fields.texts("settings"),
            fields.integer("seed"),
            fields.texts("digests"),
            fields.integer("rows"),
            time(fields, "started", Instant::parse),
            fields.number("seconds"),
            fields.texts("versions"));
    fields.end();
    return provenance;
  }

  private static <T> T time(Fields fields, String name, Function<String, T> parser)
      throws DocumentException {
    String text = fields.text(name);
    try {
      return parser.apply(text);
    } catch (DateTimeException e) {
      throw new DocumentException(
          "%s is %s; it must be a time as ISO 8601 has it".formatted(fields.place(name), text), e);
    }
  }
}
