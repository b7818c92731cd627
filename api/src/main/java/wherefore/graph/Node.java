package wherefore.graph;

import java.util.List;
import wherefore.tensor.Shape;

/**
 * One step of a {@link Graph}: an operator applied to the values of earlier nodes.
 *
 * @param id its place in the graph's list
 * @param op the operator
 * @param inputs the places of the operands
 * @param type what it yields
 * @param origin the name of the layer it came from in the model file, or empty; rewrites hand it on
 */
public record Node(int id, Op op, List<Integer> inputs, TensorType type, String origin) {
  /** Copies the list. */
  public Node {
    inputs = List.copyOf(inputs);
  }

  /** What it yields without the element type. */
  public Shape shape() {
    return type.shape();
  }

  /** {@code conv %7 (layer1.conv1)}: how errors name a node. */
  public String describe() {
    return GraphText.operator(op) + " %" + id + (origin.isEmpty() ? "" : " (" + origin + ")");
  }

  /** The line of a graph's text form. */
  @Override
  public String toString() {
    return GraphText.line(this);
  }
}
