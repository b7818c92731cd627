package wherefore.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.List;
import wherefore.compute.ComputeException;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.tensor.ElementType;

/** Slices picked by index, and added where an index says. */
final class Indexing {
  private final String node;
  private final View rows;
  private final View indices;
  private final View out;
  private final long outer;
  private final long extent;
  private final long inner;

  /** The rows that the indices name are those of the side that has the indexed axis whole. */
  private Indexing(Node node, View rows, View indices, View out, View whole, int axis) {
    this.node = node.describe();
    this.rows = rows;
    this.indices = indices;
    this.out = out;
    this.outer = product(whole.dims(), 0, axis);
    this.extent = whole.dims()[axis];
    this.inner = product(whole.dims(), axis + 1, whole.rank());
  }

  private static long product(long[] dims, int from, int to) {
    long product = 1;
    for (int a = from; a < to; a++) {
      product *= dims[a];
    }
    return product;
  }

  static void gather(Planner planner, Node node, Primitive.Gather gather) {
    View data = planner.dense(planner.view(node.inputs().get(0)));
    View indices = planner.dense(planner.view(node.inputs().get(1)));
    View out = planner.result(node);
    planner.set(node, out);
    Indexing indexing = new Indexing(node, data, indices, out, data, gather.axis());
    planner.emit(
        "gather",
        List.of(data.buffer(), indices.buffer()),
        List.of(out.buffer()),
        null,
        frame -> indexing.gather(frame));
  }

  static void scatter(Planner planner, Node node, Primitive.ScatterAdd scatter) {
    View updates = planner.dense(planner.view(node.inputs().get(0)));
    View indices = planner.dense(planner.view(node.inputs().get(1)));
    View out = planner.result(node);
    planner.set(node, out);
    Moves.fill(planner, out, 0);
    Indexing indexing = new Indexing(node, updates, indices, out, out, scatter.axis());
    planner.emit(
        "scatter",
        List.of(updates.buffer(), indices.buffer(), out.buffer()),
        List.of(out.buffer()),
        null,
        frame -> indexing.scatter(frame));
  }

  private long index(MemorySegment memory, long i) {
    long index = memory.getAtIndex(JAVA_LONG, i);
    if (index < -extent || index >= extent) {
      throw new ComputeException(
          "%s: the index %d lies outside of an axis of extent %d".formatted(node, index, extent));
    }
    return index < 0 ? index + extent : index;
  }

  private Runnable gather(Frame frame) {
    MemorySegment from = frame.segment(rows.buffer());
    MemorySegment at = frame.segment(indices.buffer());
    MemorySegment to = frame.segment(out.buffer());
    long count = indices.size();
    long bytes = inner * out.type().bytes();
    return () ->
        frame
            .team()
            .each(
                outer * count,
                Math.max(1, inner),
                (slot, first, last) -> {
                  for (long u = first; u < last; u++) {
                    long row = u / count * extent + index(at, u % count);
                    MemorySegment.copy(from, row * bytes, to, u * bytes, bytes);
                  }
                });
  }

  private Runnable scatter(Frame frame) {
    MemorySegment from = frame.segment(rows.buffer());
    MemorySegment at = frame.segment(indices.buffer());
    MemorySegment to = frame.segment(out.buffer());
    long count = indices.size();
    return () ->
        frame
            .team()
            .each(
                outer,
                count * inner,
                (slot, first, last) -> {
                  for (long u = first * count; u < last * count; u++) {
                    long row = u / count * extent + index(at, u % count);
                    add(out.type(), from, u * inner, to, row * inner);
                  }
                });
  }

  private void add(
      ElementType type, MemorySegment from, long source, MemorySegment to, long target) {
    for (long i = 0; i < inner; i++) {
      long s = source + i;
      long t = target + i;
      switch (type) {
        case FLOAT32 ->
            to.setAtIndex(
                JAVA_FLOAT, t, to.getAtIndex(JAVA_FLOAT, t) + from.getAtIndex(JAVA_FLOAT, s));
        case FLOAT64 ->
            to.setAtIndex(
                JAVA_DOUBLE, t, to.getAtIndex(JAVA_DOUBLE, t) + from.getAtIndex(JAVA_DOUBLE, s));
        case INT64 ->
            to.setAtIndex(
                JAVA_LONG, t, to.getAtIndex(JAVA_LONG, t) + from.getAtIndex(JAVA_LONG, s));
        case BOOL -> throw new AssertionError("sums of bool");
      }
    }
  }
}
