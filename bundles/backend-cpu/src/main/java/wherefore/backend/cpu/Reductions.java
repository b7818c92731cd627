package wherefore.backend.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import wherefore.graph.Node;
import wherefore.tensor.ElementType;

/** Sums, maxima and their places along axes. Sums of floating numbers are made in float64. */
final class Reductions {
  private static final int BLOCK = 1024;

  private final View x;
  private final View y;
  private final boolean max;

  private Reductions(View x, View y, boolean max) {
    this.x = x;
    this.y = y;
    this.max = max;
  }

  static void emit(Planner planner, Node node, List<Integer> axes, boolean max) {
    View x = planner.plain(planner.view(node.inputs().get(0)));
    View y = planner.result(node);
    planner.set(node, y);
    if (x.size() == 0) {
      Moves.fill(planner, y, max ? Double.NEGATIVE_INFINITY : 0);
      return;
    }
    Reductions reduction = new Reductions(x, y, max);
    planner.emit(
        max ? "max" : "sum",
        List.of(x.buffer()),
        List.of(y.buffer()),
        null,
        frame -> reduction.bind(frame, axes));
  }

  /** Axes in the order: kept ones, summed ones, kept ones whose neighbours lie closest. */
  private Runnable bind(Frame frame, List<Integer> axes) {
    int closest = closest();
    boolean innerKept = closest >= 0 && !axes.contains(closest);
    List<Integer> order = new ArrayList<>();
    IntStream.range(0, x.rank()).filter(a -> !axes.contains(a)).forEach(order::add);
    long inner = 1;
    int tail = order.size();
    if (innerKept) {
      while (tail > 0 && order.get(tail - 1) >= closest) {
        tail--;
        inner *= x.dims()[order.get(tail)];
      }
    }
    List<Integer> all = new ArrayList<>(order.subList(0, tail));
    all.addAll(axes);
    all.addAll(order.subList(tail, order.size()));
    View permuted = x.transposed(all);
    Port port =
        new Port(
            frame.segment(x.buffer()), x.type(), x.offset(), permuted.dims(), permuted.strides());
    Port out = Port.of(frame, y, new Walk(new long[] {y.size()}, List.of(new long[] {1})), 0);
    long count = x.size() / y.size();
    long width = inner;
    return width > 1 ? columns(frame, port, out, count, width) : rows(frame, port, out, count);
  }

  private int closest() {
    int best = -1;
    for (int a = 0; a < x.rank(); a++) {
      if (x.dims()[a] > 1
          && x.strides()[a] != 0
          && (best < 0 || Math.abs(x.strides()[a]) < Math.abs(x.strides()[best]))) {
        best = a;
      }
    }
    return best;
  }

  /** Each result is the sum of elements that are read one after the other. */
  private Runnable rows(Frame frame, Port port, Port out, long count) {
    return () ->
        frame
            .team()
            .each(
                y.size(),
                count,
                (slot, from, to) -> {
                  Object block = Port.array(x.type(), (int) Math.min(count, BLOCK));
                  Accumulator sum = Accumulator.of(x.type(), 1, max);
                  for (long r = from; r < to; r++) {
                    sum.clear();
                    for (long k = 0; k < count; k += BLOCK) {
                      int n = (int) Math.min(BLOCK, count - k);
                      port.read(r * count + k, n, block);
                      sum.addAll(block, n);
                    }
                    out.write(r, 1, sum.result());
                  }
                });
  }

  /** Neighbouring results at once: rows are added to rows. */
  private Runnable columns(Frame frame, Port port, Port out, long count, long width) {
    long pieces = (width + BLOCK - 1) / BLOCK;
    long outer = y.size() / width;
    return () ->
        frame
            .team()
            .each(
                outer * pieces,
                count * Math.min(width, BLOCK),
                (slot, from, to) -> {
                  int most = (int) Math.min(width, BLOCK);
                  Object block = Port.array(x.type(), most);
                  Accumulator sum = Accumulator.of(x.type(), most, max);
                  for (long u = from; u < to; u++) {
                    long o = u / pieces;
                    long start = u % pieces * BLOCK;
                    int n = (int) Math.min(BLOCK, width - start);
                    sum.clear();
                    for (long k = 0; k < count; k++) {
                      port.read((o * count + k) * width + start, n, block);
                      sum.add(block, n);
                    }
                    out.write(o * width + start, n, sum.result());
                  }
                });
  }

  /** The index of the first maximum along an axis; NaN counts as the largest. */
  static void argMax(Planner planner, Node node, int axis) {
    View x = planner.plain(planner.view(node.inputs().get(0)));
    View y = planner.result(node);
    planner.set(node, y);
    List<Integer> order = new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
    order.remove((Integer) axis);
    order.add(axis);
    View rows = x.transposed(order);
    int length = (int) x.dims()[axis];
    planner.emit(
        "argmax",
        List.of(x.buffer()),
        List.of(y.buffer()),
        null,
        frame -> {
          Port port =
              new Port(
                  frame.segment(x.buffer()), x.type(), x.offset(), rows.dims(), rows.strides());
          Port out = Port.of(frame, y, new Walk(new long[] {y.size()}, List.of(new long[] {1})), 0);
          return () ->
              frame
                  .team()
                  .each(
                      y.size(),
                      length,
                      (slot, from, to) -> {
                        Object row = Port.array(x.type(), length);
                        long[] place = new long[1];
                        for (long r = from; r < to; r++) {
                          port.read(r * length, length, row);
                          place[0] = first(x.type(), row, length);
                          out.write(r, 1, place);
                        }
                      });
        });
  }

  private static int first(ElementType type, Object row, int length) {
    int best = 0;
    for (int i = 1; i < length; i++) {
      if (exceeds(type, row, i, best)) {
        best = i;
      }
    }
    return best;
  }

  private static boolean exceeds(ElementType type, Object row, int i, int best) {
    if (type == ElementType.INT64) {
      return ((long[]) row)[i] > ((long[]) row)[best];
    }
    double value = Casts.number(type, row, i);
    double most = Casts.number(type, row, best);
    return value > most || (Double.isNaN(value) && !Double.isNaN(most));
  }

  /** Running results side by side. */
  private abstract static sealed class Accumulator {
    static Accumulator of(ElementType type, int width, boolean max) {
      return type == ElementType.INT64 ? new Longs(width, max) : new Doubles(type, width, max);
    }

    abstract void clear();

    /** Element i to result i. */
    abstract void add(Object block, int n);

    /** All elements to result 0. */
    abstract void addAll(Object block, int n);

    abstract Object result();
  }

  private static final class Doubles extends Accumulator {
    private final double[] sums;
    private final boolean max;
    private final float @Nullable [] rounded;

    Doubles(ElementType type, int width, boolean max) {
      this.sums = new double[width];
      this.max = max;
      this.rounded = type == ElementType.FLOAT32 ? new float[width] : null;
    }

    @Override
    void clear() {
      Arrays.fill(sums, max ? Double.NEGATIVE_INFINITY : 0);
    }

    @Override
    void add(Object block, int n) {
      if (block instanceof float[] f) {
        addFloats(f, n);
      } else {
        addDoubles((double[]) block, n);
      }
    }

    private void addFloats(float[] block, int n) {
      if (max) {
        for (int i = 0; i < n; i++) {
          sums[i] = Math.max(sums[i], block[i]);
        }
      } else {
        for (int i = 0; i < n; i++) {
          sums[i] += block[i];
        }
      }
    }

    private void addDoubles(double[] block, int n) {
      for (int i = 0; i < n; i++) {
        sums[i] = max ? Math.max(sums[i], block[i]) : sums[i] + block[i];
      }
    }

    @Override
    void addAll(Object block, int n) {
      if (block instanceof float[] f) {
        sums[0] = max ? Math.max(sums[0], Loops.max(f, n)) : sums[0] + Loops.sum(f, n);
        return;
      }
      double[] d = (double[]) block;
      for (int i = 0; i < n; i++) {
        sums[0] = max ? Math.max(sums[0], d[i]) : sums[0] + d[i];
      }
    }

    @Override
    Object result() {
      if (rounded == null) {
        return sums;
      }
      for (int i = 0; i < sums.length; i++) {
        rounded[i] = (float) sums[i];
      }
      return rounded;
    }
  }

  private static final class Longs extends Accumulator {
    private final long[] sums;
    private final boolean max;

    Longs(int width, boolean max) {
      this.sums = new long[width];
      this.max = max;
    }

    @Override
    void clear() {
      Arrays.fill(sums, max ? Long.MIN_VALUE : 0);
    }

    @Override
    void add(Object block, int n) {
      long[] values = (long[]) block;
      for (int i = 0; i < n; i++) {
        sums[i] = max ? Math.max(sums[i], values[i]) : sums[i] + values[i];
      }
    }

    @Override
    void addAll(Object block, int n) {
      long[] values = (long[]) block;
      for (int i = 0; i < n; i++) {
        sums[0] = max ? Math.max(sums[0], values[i]) : sums[0] + values[i];
      }
    }

    @Override
    Object result() {
      return sums;
    }
  }
}
