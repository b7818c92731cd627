package wherefore.compute;

import java.util.LinkedHashMap;
import java.util.Map;
import wherefore.graph.Graph;
import wherefore.graph.TensorType;
import wherefore.tensor.Tensor;

/** The check of what a graph is fed with, the same for all backends. */
public final class Feeds {
  private Feeds() {}

  /**
   * The tensors for a graph's inputs. Feeds without an input are left out: a rewrite may have
   * dropped an input that nothing depends on.
   *
   * @param inputs {@link Graph#inputs()}
   * @param feeds name to tensor; where an input is floating, of either floating type
   * @return name to tensor, in the inputs' order
   * @throws ComputeException if one is missing or doesn't fit; the message names it, what it takes
   *     and what it was given
   */
  public static Map<String, Tensor> check(
      Map<String, TensorType> inputs, Map<String, Tensor> feeds) {
    Map<String, Tensor> checked = new LinkedHashMap<>();
    inputs.forEach((name, type) -> checked.put(name, fitting(name, type, feeds)));
    return checked;
  }

  private static Tensor fitting(String name, TensorType type, Map<String, Tensor> feeds) {
    Tensor fed = feeds.get(name);
    if (fed == null) {
      String names = String.join(", ", feeds.keySet().stream().sorted().toList());
      throw new ComputeException(
          "input %s takes %s and is not fed; fed: %s"
              .formatted(name, accepted(type), names.isEmpty() ? "nothing" : names));
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
