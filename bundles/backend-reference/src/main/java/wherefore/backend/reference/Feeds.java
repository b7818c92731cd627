package wherefore.backend.reference;

import java.util.LinkedHashMap;
import java.util.Map;
import wherefore.compute.ComputeException;
import wherefore.graph.TensorType;
import wherefore.tensor.Tensor;

/** What a graph is fed with, checked. */
final class Feeds {
  private Feeds() {}

  /**
   * The fed tensors by name. Feeds that the graph has no input for are ignored: a rewrite may have
   * dropped an input that nothing depends on.
   *
   * @throws ComputeException if one is missing or doesn't fit
   */
  static Map<String, Array> check(Map<String, TensorType> inputs, Map<String, Tensor> feeds) {
    Map<String, Array> checked = new LinkedHashMap<>();
    inputs.forEach((name, type) -> checked.put(name, Array.of(fitting(name, type, feeds))));
    return checked;
  }

  private static Tensor fitting(String name, TensorType type, Map<String, Tensor> feeds) {
    Tensor fed = feeds.get(name);
    if (fed == null) {
      throw new ComputeException(
          "input %s takes %s and is not fed; fed: %s"
              .formatted(
                  name,
                  accepted(type),
                  String.join(", ", feeds.keySet().stream().sorted().toList())));
    }
    boolean fits =
        fed.type() == type.element() || (fed.type().isFloating() && type.element().isFloating());
    if (!fits || !fed.shape().equals(type.shape())) {
      throw new ComputeException(
          "input %s takes %s and is fed %s".formatted(name, accepted(type), TensorType.of(fed)));
    }
    return fed;
  }

  private static String accepted(TensorType type) {
    return type.element().isFloating() ? "f32 or f64 " + type.shape() : type.toString();
  }
}
