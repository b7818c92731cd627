package wherefore.runtime.attributor;

import java.util.List;
import java.util.Map;
import wherefore.attribution.AttributionException;
import wherefore.model.Model;
import wherefore.model.Port;
import wherefore.tensor.Tensor;

/** Whether tensors fit the inputs of a model. */
final class Inputs {
  private Inputs() {}

  /** Refuses names that the model lacks, missing inputs, and elements of another type. */
  static void checkNames(Model model, Map<String, Tensor> inputs) {
    List<String> known = model.inputs().stream().map(Port::name).toList();
    for (String name : inputs.keySet()) {
      if (!known.contains(name)) {
        throw new AttributionException(
            "model %s has no input %s; %s".formatted(model.name(), name, Names.known(name, known)));
      }
    }
    for (Port port : model.inputs()) {
      Tensor value = inputs.get(port.name());
      if (value == null) {
        throw new AttributionException(
            "model %s needs its input %s, which is missing; given: %s"
                .formatted(model.name(), port, Names.list(inputs.keySet())));
      }
      if (!sameKind(port, value)) {
        throw mismatch(model, port, value);
      }
    }
  }

  private static boolean sameKind(Port port, Tensor value) {
    return port.element() == value.type()
        || port.element().isFloating() && value.type().isFloating();
  }

  /** As {@link #checkNames}, and refuses all but one example of the right shape. */
  static void checkOneExample(Model model, Map<String, Tensor> inputs) {
    checkNames(model, inputs);
    for (Port port : model.inputs()) {
      Tensor value = inputs.getOrDefault(port.name(), Tensor.scalar(0));
      int rank = value.shape().rank();
      if (rank > 0
          && rank == port.axes().size()
          && value.shape().dim(0) != 1
          && port.accepts(value.shape().with(0, port.isBatched() ? 1 : extent(port)))) {
        throw new AttributionException(
            "input %s has %d examples along its first axis; a request explains one: ask for each"
                .formatted(port.name(), value.shape().dim(0)));
      }
      if (!port.accepts(value.shape())) {
        throw mismatch(model, port, value);
      }
      if (rank == 0 || value.shape().dim(0) != 1) {
        throw new AttributionException(
            "model %s can't be explained: its input %s has no first axis for examples"
                .formatted(model.name(), port));
      }
    }
  }

  private static int extent(Port port) {
    return Math.max(port.axes().get(0).extent(), 1);
  }

  static AttributionException mismatch(Model model, Port port, Tensor value) {
    return new AttributionException(
        "model %s expects its input %s; %s%s was given"
            .formatted(model.name(), port, value.type().symbol(), value.shape()));
  }
}
