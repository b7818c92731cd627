package wherefore.model;

import java.util.List;
import java.util.Map;
import wherefore.graph.Graph;
import wherefore.tensor.Shape;

/**
 * A loaded model. Immutable: many requests use it at once.
 *
 * @param name what it is called by
 * @param format {@code onnx}, {@code dl4j}, …
 * @param digest SHA-256 of the file, hexadecimal; of the name for a function
 * @param source the file it came from, or how else it came
 * @param card what is known beside the file
 * @param inputs in order
 * @param outputs in order; the first is what is explained unless another is asked for
 * @param network how it computes
 */
public record Model(
    String name,
    String format,
    String digest,
    String source,
    ModelCard card,
    List<Port> inputs,
    List<Port> outputs,
    Network network) {
  /** Copies the lists. */
  public Model {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("model " + name + " has no output");
    }
  }

  /**
   * The input of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the known ones
   */
  public Port input(String port) {
    return inputs.stream()
        .filter(p -> p.name().equals(port))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "model %s has no input %s; it has %s"
                        .formatted(name, port, inputs.stream().map(Port::name).toList())));
  }

  /**
   * The axes of rows and columns in an input's or a layer's value: the two innermost, or for an
   * image whose channels come last, as the card says, the two before. Empty if there are less than
   * three axes.
   */
  public List<Integer> plane(String variable, Shape shape) {
    if (shape.rank() < 3) {
      return List.of();
    }
    boolean isImage = shape.rank() == 4 && inputs.stream().anyMatch(p -> p.name().equals(variable));
    boolean isChannelsLast =
        isImage
            && card.preprocessing().orElse(new Preprocessing.Raw())
                instanceof Preprocessing.Image image
            && image.layout() == Preprocessing.Layout.NHWC;
    int columns = shape.rank() - (isChannelsLast ? 2 : 1);
    return List.of(columns - 1, columns);
  }

  /** This model, computed another way. */
  public Model with(Network other) {
    return new Model(name, format, digest, source, card, inputs, outputs, other);
  }

  /** True if any number of examples goes in at once. */
  public boolean isBatched() {
    return inputs.stream().allMatch(Port::isBatched);
  }

  /**
   * The graph for inputs of these shapes.
   *
   * @throws IllegalArgumentException if the model is a black box, or can't take such inputs
   */
  public Graph graph(Map<String, Shape> shapes) {
    return switch (network) {
      case Network.White white -> white.graph(shapes);
      case Network.Black black ->
          throw new IllegalArgumentException(
              "model " + name + " is a function without a graph: its layers are not known");
    };
  }
}
