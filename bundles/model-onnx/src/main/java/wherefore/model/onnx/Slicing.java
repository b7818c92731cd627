package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.graph.Comparison;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Parts of tensors, and tensors joined. */
final class Slicing {
  private Slicing() {}

  static void register(Operators table) {
    table.add(
        "Slice",
        1,
        c ->
            slice(
                c,
                c.attributes().longs("starts").orElseThrow(),
                c.attributes().longs("ends").orElseThrow(),
                c.attributes().longs("axes"),
                Optional.empty()));
    table.add(
        "Slice",
        10,
        c ->
            slice(
                c,
                c.longs(1, "starts"),
                c.longs(2, "ends"),
                c.has(3) ? Optional.of(c.longs(3, "axes")) : Optional.empty(),
                c.has(4) ? Optional.of(c.longs(4, "steps")) : Optional.empty()));
    table.addAll("Split", 1, Slicing::split);
    table.add("Concat", 1, Slicing::concat);
    table.add("ReverseSequence", 10, Slicing::reverseSequence);
    table.add("CenterCropPad", 18, Slicing::centred);
  }

  private static Value slice(
      Call c, long[] starts, long[] ends, Optional<long[]> axes, Optional<long[]> steps) {
    int rank = c.x().shape().rank();
    List<Integer> from = Shapes.filled(rank, 0);
    List<Integer> to = new ArrayList<>(Windows.list(c.x().shape()));
    List<Integer> by = Shapes.filled(rank, 1);
    List<Integer> reversed = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      int axis = c.x().shape().axis(axes.isPresent() ? Math.toIntExact(axes.get()[i]) : i);
      long step = steps.isPresent() ? steps.get()[i] : 1;
      if (step == 0) {
        throw new GraphException("step 0 along axis " + axis);
      }
      int extent = c.x().shape().dim(axis);
      long start = step > 0 ? starts[i] : mirror(starts[i], extent);
      long end = step > 0 ? ends[i] : mirror(ends[i], extent);
      if (step < 0) {
        reversed.add(axis);
      }
      int first = step > 0 ? clamp(start, extent) : (int) Math.clamp(start, 0, extent);
      int last = step > 0 ? clamp(end, extent) : (int) Math.clamp(end, 0, extent);
      from.set(axis, first);
      to.set(axis, Math.max(first, last));
      by.set(axis, (int) Math.min(Math.abs(step), Math.max(1, extent)));
    }
    GraphBuilder b = c.b();
    Value x = reversed.isEmpty() ? c.x() : b.apply(new Primitive.Reverse(reversed), c.x());
    boolean all = to.equals(Windows.list(x.shape())) && from.stream().allMatch(s -> s == 0);
    return all && by.stream().allMatch(s -> s == 1)
        ? x
        : b.apply(new Primitive.Slice(from, to, by), x);
  }

  private static int clamp(long at, int extent) {
    return (int) Math.clamp(at < 0 ? at + extent : at, 0, extent);
  }

  /** A place counted from the other end, as the reversed axis has it. */
  private static long mirror(long at, int extent) {
    long place = at < 0 ? Math.max(at, -extent - 1L) + extent : at;
    return extent - 1 - place;
  }

  private static List<Value> split(Call c) {
    Shape shape = c.x().shape();
    int axis = shape.axis(c.attributes().integer("axis", 0));
    int extent = shape.dim(axis);
    int[] parts = c.ints("split", 1).orElseGet(() -> equal(c, extent));
    if (Arrays.stream(parts).anyMatch(p -> p < 0)
        || Arrays.stream(parts).asLongStream().sum() != extent) {
      throw new GraphException(
          "parts %s don't sum up to axis %d of %s".formatted(Arrays.toString(parts), axis, shape));
    }
    List<Value> out = new ArrayList<>();
    int start = 0;
    for (int part : parts) {
      out.add(c.b().slice(c.x(), axis, start, start + part));
      start += part;
    }
    return out;
  }

  /** Equal parts; the last is smaller where they don't divide the axis. */
  private static int[] equal(Call c, int extent) {
    int count = c.attributes().integer("num_outputs", c.outputs());
    if (count < 1 || count > c.outputs()) {
      throw new GraphException("%d parts for %d outputs".formatted(count, c.outputs()));
    }
    int part = (extent + count - 1) / count;
    return IntStream.range(0, count)
        .map(i -> Math.max(0, Math.min(part, extent - i * part)))
        .toArray();
  }

  /** Cropped or padded with zeros on both sides. */
  private static Value centred(Call c) {
    GraphBuilder b = c.b();
    int[] wanted = c.ints(1, "shape");
    List<Integer> axes =
        c.attributes().integers("axes").orElseGet(() -> Axes.range(c.x().shape().rank()));
    List<Integer> before = Shapes.filled(c.x().shape().rank(), 0);
    List<Integer> after = Shapes.filled(c.x().shape().rank(), 0);
    Value x = c.x();
    for (int i = 0; i < axes.size(); i++) {
      int axis = x.shape().axis(axes.get(i));
      int extra = wanted[i] - x.shape().dim(axis);
      int start = Math.max(0, -extra / 2);
      x = b.slice(x, axis, start, start + Math.min(wanted[i], x.shape().dim(axis)));
      before.set(axis, Math.max(0, extra) / 2);
      after.set(axis, Math.max(0, extra) - before.get(axis));
    }
    return b.pad(x, before, after, 0);
  }

  private static Value concat(Call c) {
    List<Value> parts = c.operands();
    if (parts.isEmpty()) {
      throw new GraphException("needs at least one operand");
    }
    int axis = parts.get(0).shape().axis(c.attributes().integer("axis", 1));
    return c.b().concat(axis, parts.stream().map(p -> c.like(p, parts.get(0))).toList());
  }

  /** The first elements along the time axis in opposite order, as many as an example has. */
  private static Value reverseSequence(Call c) {
    GraphBuilder b = c.b();
    Shape shape = c.x().shape();
    int time = shape.axis(c.attributes().integer("time_axis", 0));
    int batch = shape.axis(c.attributes().integer("batch_axis", 1));
    int extent = shape.dim(time);
    Optional<Tensor> known = c.constant(1);
    if (known.isPresent() && Arrays.stream(known.get().toLongs()).allMatch(l -> l == extent)) {
      return b.apply(new Primitive.Reverse(List.of(time)), c.x());
    }
    int[] column = new int[shape.rank()];
    Arrays.fill(column, 1);
    column[batch] = shape.dim(batch);
    Value lengths = b.reshape(b.cast(c.in(1), ElementType.INT64), Shape.of(column));
    Value own = Indexing.coordinate(c, shape, time, 1);
    Value mirrored = b.sub(b.add(lengths, -1), own);
    Value source = b.where(b.compare(Comparison.LESS, own, lengths), mirrored, own);
    return Indexing.picked(c, c.x(), Indexing.places(c, shape, time, b.expand(source, shape)));
  }
}
