package wherefore.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Explanation;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Target;
import wherefore.model.Input;
import wherefore.model.Model;
import wherefore.render.Style;
import wherefore.tensor.Npy;

/** {@code why:explain}. */
final class ExplainCommand implements Command<ExplainCommand.Arguments> {
  private static final double LONGEST_SECONDS = 1e9;

  record Arguments(
      Example example,
      @Argument(
              value = "how it is explained; why:methods lists what there is",
              shows = "ID",
              byDefault = "integrated-gradients",
              completes = Names.METHOD)
          String method,
      @Argument(
              value = "an option of the method; why:methods ID lists them",
              shows = "NAME=VALUE",
              completes = Names.OPTION)
          Map<String, String> option,
      @Argument(
              value = "which output: its number, its label, or a neuron as 'LAYER[i,j]'",
              shows = "TARGET",
              byDefault = "predicted",
              completes = Names.TARGET)
          String target,
      @Argument("explains the target's probability instead of its logit") boolean probability,
      @Argument(
              value =
                  "what the input is compared with: zero, constant(v), blurred(sigma),"
                      + " uniform(low,high,n), gaussian(sigma,n), projection; a data set's rows as"
                      + " a FILE or a folder, mean(FILE), boundary(FILE)",
              shows = "BASELINE",
              byDefault = "default",
              completes = Names.BASELINE)
          String baseline,
      @Argument(
              value =
                  "explains by a layer's output instead of the input; tokens are by default by the"
                      + " layer that looks them up",
              shows = "LAYER",
              completes = Names.LAYER)
          Optional<String> to,
      @Argument(
              value = "what to run on instead of the best there is",
              shows = "ID",
              completes = Names.BACKEND)
          Optional<String> backend,
      @Argument(value = "of everything that is drawn", shows = "N", byDefault = "0") long seed,
      @Argument(value = "gives up after so long", shows = "SECONDS") Optional<Double> deadline,
      @Argument(
              value = "writes a picture (.png), the values (.npy) or the document (.json)",
              shows = "FILE",
              completes = Names.FILE)
          List<String> out,
      @Argument("shows how much relevance each layer received, passed on and lost") boolean ledger,
      @Argument("machine-readable output") boolean json) {}

  @Override
  public Syntax<Arguments> syntax() {
    return new Syntax<>(
        "explain",
        "How much each element of an input contributed to what a model computed from it.",
        Arguments.class);
  }

  @Override
  public Object run(Arguments a, Desk desk) throws Exception {
    Optional<Duration> deadline = a.deadline().map(ExplainCommand::duration);
    Outputs outputs = new Outputs(desk, a.out());
    Model model = desk.model(a.example().model());
    Input input = desk.input(model, a.example().input());
    AttributionRequest request = request(a, desk, model, input, deadline);
    Attribution attribution;
    try (Progress progress = new Progress("explaining", a.json())) {
      attribution = desk.attributor().attribute(request, progress);
    }
    Prediction prediction =
        new Predictor(desk.attributor(), a.backend())
            .predict(model, request.inputs(), input.source(), 1);
    String port = model.inputs().get(0).name();
    Explanation explanation =
        new Explanation(
            request, attribution, Map.of(port, desk.file(a.example().input()).toString()));
    Optional<MethodInfo> info = desk.info(a.method());
    List<Outputs.Written> files =
        outputs.write(
            explanation, Scenes.of(explanation, Map.of(port, input), info), Style.DEFAULT);
    Explained explained =
        Explained.of(explanation, prediction, input.source(), Scenes.isCompared(info), files);
    return a.json() ? new Json(explained) : explained;
  }

  private static AttributionRequest request(
      Arguments a, Desk desk, Model model, Input input, Optional<Duration> deadline)
      throws IOException {
    Target target = Target.parse(a.target());
    return new AttributionRequest(
        model,
        input.inputs(model),
        a.method(),
        a.ledger() ? Ledger.asked(a.option(), a.method(), desk.attributor().methods()) : a.option(),
        a.probability() ? target.asProbability() : target,
        baseline(a.baseline(), desk, model),
        a.to(),
        a.backend(),
        a.seed(),
        deadline);
  }

  private static Duration duration(double seconds) {
    if (!(seconds > 0 && seconds <= LONGEST_SECONDS)) {
      throw Failure.usage(
          "explain: --deadline is %s; it must be a number of seconds above 0"
              .formatted(Numbers.text(seconds)));
    }
    return Duration.ofNanos((long) (seconds * 1e9));
  }

  private static final Pattern OF_DATA = Pattern.compile("(mean|boundary)\\((.+)\\)");

  /**
   * The short form, or a data set: all its rows, their mean, or the boundary on the way to them.
   */
  private static Baseline baseline(String text, Desk desk, Model model) throws IOException {
    Matcher data = OF_DATA.matcher(text.strip());
    if (data.matches()) {
      Baseline.Given given = given(data.group(2).strip(), desk, model);
      return data.group(1).equals("mean")
          ? given.mean()
          : new Baseline.Boundary(given.value(), given.source());
    }
    return desk.isData(text) ? given(text, desk, model) : Baseline.parse(text);
  }

  private static Baseline.Given given(String text, Desk desk, Model model) throws IOException {
    Path file = desk.file(text);
    boolean isArray = Files.isRegularFile(file) && Desk.extension(file).equals("npy");
    return new Baseline.Given(
        isArray ? Npy.read(file) : desk.examples(model, text), file.toString());
  }
}
