package wherefore.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import wherefore.tensor.Tensor;

/**
 * Something to be explained, ready to go into a model.
 *
 * @param source where it came from
 * @param value the model's input, first axis of extent 1
 * @param picture for an image what a person sees of it: float32 [rows, columns, 3], red, green and
 *     blue from 0 to 1, of the model's size
 * @param features names of the value's elements, or empty
 * @param passage for a text what a person reads of it, with its tokens
 * @param beside what goes into the model's other inputs, by name: a text's mask
 */
public record Input(
    String source,
    Tensor value,
    Optional<Tensor> picture,
    List<String> features,
    Optional<Passage> passage,
    Map<String, Tensor> beside) {
  /** Copies the collections. */
  public Input {
    features = List.copyOf(features);
    beside = Collections.unmodifiableMap(new LinkedHashMap<>(beside));
  }

  /** One that is no text, for a model's only input. */
  public Input(String source, Tensor value, Optional<Tensor> picture, List<String> features) {
    this(source, value, picture, features, Optional.empty(), Map.of());
  }

  /** All inputs of a model, by name. */
  public Map<String, Tensor> inputs(Model model) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    all.put(model.inputs().get(0).name(), value);
    all.putAll(beside);
    return all;
  }
}
