package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Lists of tensors, gone when the graph is built. */
final class Sequences {
  private Sequences() {}

  static void register(Operators table) {
    table.addAll("SequenceEmpty", 11, c -> put(c, List.of()));
    table.addAll("SequenceConstruct", 11, c -> put(c, c.operands()));
    table.addAll("SequenceInsert", 11, Sequences::insert);
    table.addAll("SequenceErase", 11, Sequences::erase);
    table.add("SequenceAt", 11, Sequences::at);
    table.add("SequenceLength", 11, c -> length(c, c.operand(0).values().size()));
    table.add("ConcatFromSequence", 11, Sequences::concat);
    table.addAll("SplitToSequence", 11, Sequences::split);
  }

  private static List<Value> put(Call c, List<Value> values) {
    c.give(0, List.of(new Operand.Sequence(values)));
    return List.of();
  }

  private static Value length(Call c, int length) {
    return c.literal(Tensor.of(Shape.SCALAR, (long) length));
  }

  private static int place(Call c, int operand, int size, int otherwise) {
    long asked = c.has(operand) ? c.longs(operand, "position")[0] : otherwise;
    long place = asked < 0 ? asked + size : asked;
    if (place < 0 || place > size) {
      throw new GraphException("position %d of a sequence of %d".formatted(asked, size));
    }
    return (int) place;
  }

  private static List<Value> insert(Call c) {
    List<Value> values = new ArrayList<>(c.operand(0).values());
    values.add(place(c, 2, values.size(), values.size()), c.in(1));
    return put(c, values);
  }

  private static List<Value> erase(Call c) {
    List<Value> values = new ArrayList<>(c.operand(0).values());
    values.remove(place(c, 1, values.size(), values.size() - 1));
    return put(c, values);
  }

  private static Value at(Call c) {
    List<Value> values = c.operand(0).values();
    return values.get(place(c, 1, values.size(), 0));
  }

  private static Value concat(Call c) {
    List<Value> values = c.operand(0).values();
    int axis = c.attributes().integer("axis", 0);
    if (values.isEmpty()) {
      throw new GraphException("its sequence is empty");
    }
    return c.attributes().flag("new_axis", false)
        ? Control.stacked(c.b(), values, axis).orElseThrow()
        : c.b().concat(axis, values);
  }

  private static List<Value> split(Call c) {
    GraphBuilder b = c.b();
    Shape shape = c.x().shape();
    int axis = shape.axis(c.attributes().integer("axis", 0));
    int extent = shape.dim(axis);
    boolean single = !c.has(1) && !c.attributes().flag("keepdims", true);
    int[] parts = parts(c, extent);
    List<Value> values = new ArrayList<>();
    int start = 0;
    for (int part : parts) {
      Value slice = b.slice(c.x(), axis, start, start + part);
      Shape without = shape.axes(0, axis).concat(shape.axes(axis + 1, shape.rank()));
      values.add(single ? b.reshape(slice, without) : slice);
      start += part;
    }
    return put(c, values);
  }

  /** One length for all, the last one perhaps less, or a length a part. */
  private static int[] parts(Call c, int extent) {
    int[] asked = c.has(1) ? c.ints(1, "split") : new int[] {1};
    if (c.has(1) && c.in(1).shape().rank() > 0) {
      if (Arrays.stream(asked).anyMatch(p -> p < 0)
          || Arrays.stream(asked).asLongStream().sum() != extent) {
        throw new GraphException(
            "parts %s don't sum up to %d".formatted(Arrays.toString(asked), extent));
      }
      return asked;
    }
    if (asked[0] < 1) {
      throw new GraphException("parts of " + asked[0] + " elements");
    }
    int[] parts = new int[Call.checkTable((extent + asked[0] - 1L) / asked[0])];
    Arrays.fill(parts, asked[0]);
    if (parts.length > 0) {
      parts[parts.length - 1] = extent - asked[0] * (parts.length - 1);
    }
    return parts;
  }
}
