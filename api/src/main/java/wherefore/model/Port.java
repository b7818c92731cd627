package wherefore.model;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

  private static final Pattern TEXT =
      Pattern.compile("\\s*(\\S+)\\s+(\\w+)\\s*\\[([^\\]]*)\\]\\s*");

  /**
   * Reads what {@link #toString} writes: {@code input f32[batch,3,224,224]}. An extent that is no
   * number is free.
   */
  public static Port parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    Optional<ElementType> element =
        Arrays.stream(ElementType.values())
            .filter(t -> matcher.matches() && t.symbol().equals(matcher.group(2)))
            .findFirst();
    if (element.isEmpty()) {
      throw new IllegalArgumentException(
          "'%s' is no port; a name, a type (%s) and the extents are needed, as in 'x f32[batch,30]'"
              .formatted(
                  text,
                  Arrays.stream(ElementType.values())
                      .map(ElementType::symbol)
                      .collect(Collectors.joining(", "))));
    }
    List<Axis> axes =
        Arrays.stream(matcher.group(3).split(","))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .map(s -> s.matches("\\d{1,9}") ? Axis.fixed(Integer.parseInt(s)) : Axis.free(s))
            .toList();
    return new Port(matcher.group(1), element.get(), axes);
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
        && IntStream.range(0, axes.size())
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
