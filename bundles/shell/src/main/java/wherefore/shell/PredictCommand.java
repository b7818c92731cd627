package wherefore.shell;

import java.util.Optional;
import wherefore.model.Input;
import wherefore.model.Model;

/** {@code why:predict}. */
final class PredictCommand implements Command<PredictCommand.Arguments> {
  record Arguments(
      Example example,
      @Argument(value = "how many elements of the output", shows = "N", byDefault = "5") int top,
      @Argument(
              value = "what to run on instead of the best there is",
              shows = "ID",
              completes = Names.BACKEND)
          Optional<String> backend,
      @Argument("machine-readable output") boolean json) {}

  @Override
  public Syntax<Arguments> syntax() {
    return new Syntax<>(
        "predict", "What a model says of an input, the largest outputs first.", Arguments.class);
  }

  @Override
  public Object run(Arguments a, Desk desk) throws Exception {
    if (a.top() < 1) {
      throw Failure.usage("predict: --top is " + a.top() + "; it must be at least 1");
    }
    Model model = desk.model(a.example().model());
    Input input = desk.input(model, a.example().input());
    Prediction prediction =
        new Predictor(desk.attributor(), a.backend())
            .predict(model, input.inputs(model), input.source(), a.top());
    return a.json() ? new Json(prediction) : prediction;
  }
}
