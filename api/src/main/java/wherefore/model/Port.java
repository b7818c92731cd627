package wherefore.model;

import java.util.List;
import java.util.stream.Collectors;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

/**
 * An input or output of a model.
 *
 * @param name as the model file has it
 * @param element the type of its elements
 * @param axes outermost first
 */
public record Port(String name, ElementType element, List<Axis> axes) {
  /**
   * An axis.
   *
   * @param name the file's name for a free extent, or empty
   * @param extent its extent; −1 if it is free
   */
  public record Axis(String name, int extent) {
    /** An axis of fixed extent. */
    public static Axis fixed(int extent) {
      return new Axis("", extent);
    }

    /** An axis whose extent the input decides. */
    public static Axis free(String name) {
      return new Axis(name, -1);
    }

    /** True if the input decides. */
    public boolean isFree() {
      return extent < 0;
    }

    @Override
    public String toString() {
      return isFree() ? (name.isEmpty() ? "?" : name) : Integer.toString(extent);
    }
  }

  /** Copies the list. */
  public Port {
    axes = List.copyOf(axes);
  }

  /** True if the first axis is free: any number of examples goes in at once. */
  public boolean isBatched() {
    return !axes.isEmpty() && axes.get(0).isFree();
  }

  /** True if a tensor of this shape fits. */
  public boolean accepts(Shape shape) {
    return shape.rank() == axes.size()
        && java.util.stream.IntStream.range(0, axes.size())
            .allMatch(a -> axes.get(a).isFree() || axes.get(a).extent() == shape.dim(a));
  }

  /** {@code input f32[batch,3,224,224]}. */
  @Override
  public String toString() {
    return name
        + " "
        + element.symbol()
        + axes.stream().map(Axis::toString).collect(Collectors.joining(",", "[", "]"));
  }
}
