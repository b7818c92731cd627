package wherefore.attribution;

import java.util.Map;
import wherefore.tensor.Tensor;

/**
 * What is explained: an input of the model, or a layer's output.
 *
 * @param name the input's or layer's name
 * @param value its value at the input, first extent 1
 * @param baseline its value at the baselines, along the first axis
 */
public record Variable(String name, Tensor value, Tensor baseline) {
  /** This variable's tensor among those that a {@link Program} yields. */
  public Tensor in(Map<String, Tensor> outputs) {
    Tensor tensor = outputs.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException(
          "no output is named " + name + "; there are " + outputs.keySet());
    }
    return tensor;
  }

  /** The number of baselines. */
  public int baselines() {
    return baseline.shape().dim(0);
  }

  /** One of the baselines, first extent 1. */
  public Tensor baseline(int number) {
    return baseline.rows(number, number + 1);
  }
}
