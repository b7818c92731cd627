package wherefore.shell;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.model.Input;
import wherefore.model.Intervention;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/** {@code why:intervene}. */
final class InterveneCommand implements Command<InterveneCommand.Arguments> {
  record Arguments(
      Example example,
      @Argument(
              value = "sets a layer, a unit of it as LAYER[i], or a concept of the model's card",
              shows = "LAYER=VALUE",
              completes = Names.UNIT)
          Map<String, String> set,
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
        "intervene",
        "What becomes of a model's output when something within it is set to a value.",
        Arguments.class);
  }

  @Override
  public Object run(Arguments a, Desk desk) throws Exception {
    if (a.top() < 1 || a.set().isEmpty()) {
      throw Failure.usage(
          a.set().isEmpty()
              ? "intervene: --set LAYER[i]=VALUE is missing: what shall be set?"
              : "intervene: --top is " + a.top() + "; it must be at least 1");
    }
    Model model = desk.model(a.example().model());
    Input input = desk.input(model, a.example().input());
    Map<String, Tensor> inputs = input.inputs(model);
    Units units = new Units(model, inputs);
    List<Intervention> set = a.set().keySet().stream().map(units::named).toList();
    double[] values = a.set().entrySet().stream().mapToDouble(InterveneCommand::value).toArray();
    List<Double> before = units.values(set, desk.attributor(), a.backend());
    Predictor predictor = new Predictor(desk.attributor(), a.backend());
    Prediction without = predictor.predict(model, inputs, input.source(), Integer.MAX_VALUE);
    Prediction with =
        predictor.predict(
            Intervention.settable(model, set),
            units.inputs(List.of(values)),
            input.source(),
            Integer.MAX_VALUE);
    List<Intervened.Setting> settings =
        IntStream.range(0, set.size())
            .mapToObj(i -> setting(units, set.get(i), before.get(i), values[i]))
            .toList();
    Intervened intervened = Intervened.of(settings, without, with, a.top());
    return a.json() ? new Json(intervened) : intervened;
  }

  private static Intervened.Setting setting(
      Units units, Intervention unit, double before, double after) {
    return new Intervened.Setting(
        units.name(unit), unit.toString(), units.size(unit), before, after);
  }

  private static double value(Map.Entry<String, String> set) {
    try {
      double value = Double.parseDouble(set.getValue());
      if (Double.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw Failure.usage(
        "intervene: --set %s=%s: a layer is set to a number"
            .formatted(set.getKey(), set.getValue()));
  }
}
