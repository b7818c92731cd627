package wherefore.shell;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.model.Input;
import wherefore.model.Intervention;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/** {@code why:traverse}. */
final class TraverseCommand implements Command<TraverseCommand.Arguments> {
  record Arguments(
      Example example,
      @Argument(
              value = "what is swept: a layer, a unit of it as LAYER[i], or a concept",
              shows = "LAYER",
              completes = Names.UNIT)
          String axis,
      @Argument(value = "the first value", shows = "A", byDefault = "-3") double from,
      @Argument(value = "the last value", shows = "B", byDefault = "3") double to,
      @Argument(value = "how many values", shows = "N", byDefault = "13") int steps,
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
        "traverse",
        "What becomes of a model's output as one axis within it is swept, and whether it follows.",
        Arguments.class);
  }

  @Override
  public Object run(Arguments a, Desk desk) throws Exception {
    check(a);
    Model model = desk.model(a.example().model());
    Input input = desk.input(model, a.example().input());
    Map<String, Tensor> inputs = input.inputs(model);
    Units units = new Units(model, inputs);
    Intervention axis = units.named(a.axis());
    double own = units.values(List.of(axis), desk.attributor(), a.backend()).get(0);
    List<Double> values =
        IntStream.range(0, a.steps())
            .mapToObj(k -> a.from() + (a.to() - a.from()) * k / (a.steps() - 1))
            .toList();
    Predictor predictor = new Predictor(desk.attributor(), a.backend());
    Prediction now = predictor.predict(model, inputs, input.source(), a.top());
    Tensor scores =
        predictor.scores(
            Intervention.settable(model, List.of(axis)),
            units.inputs(values.stream().map(v -> new double[] {v}).toList()));
    String name = units.name(axis);
    Traversal traversal = Traversal.of(now, name, axis.toString(), own, values, scores);
    return a.json() ? new Json(traversal) : traversal;
  }

  private static void check(Arguments a) {
    if (a.steps() < 2 || a.top() < 1) {
      throw Failure.usage(
          "traverse: --steps is %d and --top is %d; they must be at least 2 and 1"
              .formatted(a.steps(), a.top()));
    }
    if (!(a.from() < a.to()) || Double.isInfinite(a.to() - a.from())) {
      throw Failure.usage(
          "traverse: --from is %s and --to is %s; the first must be less"
              .formatted(Numbers.text(a.from()), Numbers.text(a.to())));
    }
  }
}
