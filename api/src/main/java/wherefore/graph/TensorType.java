package wherefore.graph;

import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** What is known of a value before it is computed: the type of its elements and its shape. */
public record TensorType(ElementType element, Shape shape) {
  /** The type of a tensor. */
  public static TensorType of(Tensor tensor) {
    return new TensorType(tensor.type(), tensor.shape());
  }

  /** This type with another shape. */
  public TensorType with(Shape other) {
    return new TensorType(element, other);
  }

  /** Bytes a value of this type takes. */
  public long bytes() {
    return (long) shape.size() * element.bytes();
  }

  /** As in a graph's text form: {@code f32[8,64]}. */
  @Override
  public String toString() {
    return element.symbol() + shape;
  }
}
