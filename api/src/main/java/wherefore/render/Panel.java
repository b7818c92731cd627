package wherefore.render;

import java.util.List;
import java.util.Optional;
import wherefore.model.Passage;
import wherefore.tensor.Tensor;

/**
 * One attribution in a picture.
 *
 * @param title above it
 * @param values the attribution, first extent 1, never rescaled
 * @param picture what was explained, as a person sees it: float32 [rows, columns, 3] from 0 to 1
 * @param features names of the elements, or empty
 * @param passage the text whose tokens are along axis 1
 */
public record Panel(
    String title,
    Tensor values,
    Optional<Tensor> picture,
    List<String> features,
    Optional<Passage> passage) {
  /** Copies the list. */
  public Panel {
    features = List.copyOf(features);
  }

  /** One that is no text's. */
  public Panel(String title, Tensor values, Optional<Tensor> picture, List<String> features) {
    this(title, values, picture, features, Optional.empty());
  }
}
