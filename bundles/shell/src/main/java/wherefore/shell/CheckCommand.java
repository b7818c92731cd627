package wherefore.shell;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import wherefore.model.Model;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** {@code why:check}. */
final class CheckCommand implements Command<CheckCommand.Arguments> {
  record Arguments(
      @Argument(
              value = "the model's name or file",
              shows = "MODEL",
              form = Argument.Form.EITHER,
              completes = Names.MODEL)
          String model,
      @Argument(
              value =
                  "checks for this input instead of zeros; needed where the model leaves its shape"
                      + " open",
              shows = "FILE",
              completes = Names.FILE)
          Optional<String> input,
      @Argument(
              value = "what to run on instead of the best there is",
              shows = "ID",
              completes = Names.BACKEND)
          Optional<String> backend,
      @Argument("machine-readable output") boolean json) {}

  @Override
  public Syntax<Arguments> syntax() {
    return new Syntax<>(
        "check",
        "Which methods work on a model, what they cost, and what stands in the way of the others.",
        Arguments.class);
  }

  @Override
  public Object run(Arguments a, Desk desk) throws Exception {
    Model model = desk.model(a.model());
    CheckSheet sheet =
        new CheckSheet(desk.attributor().check(model, inputs(model, a, desk), a.backend()));
    return a.json() ? new Json(sheet.report()) : sheet;
  }

  private static Map<String, Tensor> inputs(Model model, Arguments a, Desk desk) throws Exception {
    if (a.input().isPresent()) {
      return desk.input(model, a.input().get()).inputs(model);
    }
    Map<String, Tensor> zeros = new LinkedHashMap<>();
    for (Port port : model.inputs()) {
      Shape shape = LookUps.Layers.shape(model, port, a.input(), desk);
      zeros.put(port.name(), Tensor.zeros(port.element(), shape));
    }
    return zeros;
  }
}
