package wherefore.render;

import java.util.List;
import java.util.Optional;
import wherefore.tensor.Tensor;

/**
 * One attribution in a picture.
 *
 * @param title above it
 * @param values the attribution, first extent 1, never rescaled
 * @param picture what was explained, as a person sees it: float32 [rows, columns, 3] from 0 to 1
 * @param features names of the elements, or empty
 */
public record Panel(String title, Tensor values, Optional<Tensor> picture, List<String> features) {
  /** Copies the list. */
  public Panel {
    features = List.copyOf(features);
  }
}
