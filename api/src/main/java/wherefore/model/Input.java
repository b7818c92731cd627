package wherefore.model;

import java.util.List;
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
 */
public record Input(String source, Tensor value, Optional<Tensor> picture, List<String> features) {
  /** Copies the list. */
  public Input {
    features = List.copyOf(features);
  }
}
