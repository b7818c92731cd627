package wherefore.backend.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Walks two views of the same extents side by side and hands over lines of the innermost axis, in
 * row-major order. Axes of extent 1 are left out, neighbouring ones that both views pass through
 * evenly are joined.
 */
final class Strided {
  /** What happens to a line: {@code count} elements, from and to, each its step apart. */
  @FunctionalInterface
  interface Line {
    void run(int from, int fromStep, int to, int toStep, int count);
  }

  private record Axis(int extent, int from, int to) {}

  private final List<Axis> axes = new ArrayList<>();
  private final int[] inner;
  private final Line line;
  private final Work work;

  private Strided(View source, View target, Line line, Work work) {
    this.line = line;
    this.work = work;
    for (int a = 0; a < source.dims().length; a++) {
      append(new Axis(source.dims()[a], source.strides()[a], target.strides()[a]));
    }
    independentAxis();
    this.inner = new int[axes.size()];
    int size = 1;
    for (int a = axes.size() - 1; a >= 0; a--) {
      inner[a] = size;
      size *= axes.get(a).extent;
    }
  }

  private void append(Axis axis) {
    if (axis.extent == 1) {
      return;
    }
    Axis last = axes.isEmpty() ? new Axis(1, 0, 0) : axes.get(axes.size() - 1);
    if (last.extent > 1
        && last.from == axis.from * axis.extent
        && last.to == axis.to * axis.extent) {
      axes.set(axes.size() - 1, new Axis(last.extent * axis.extent, axis.from, axis.to));
    } else {
      axes.add(axis);
    }
  }

  /**
   * Puts an axis outermost whose steps in the target are wider than all that the others reach, if
   * there is one: its tasks write to places of their own. What arrives at one place still arrives
   * in row-major order.
   */
  private void independentAxis() {
    axes.stream()
        .filter(this::isIndependent)
        .max(Comparator.comparingInt(Axis::extent))
        .ifPresent(
            axis -> {
              if (axes.indexOf(axis) < axes.size() - 1) {
                axes.remove(axis);
                axes.add(0, axis);
              }
            });
  }

  private boolean isIndependent(Axis axis) {
    long reach = 0;
    for (Axis other : axes) {
      reach += other == axis ? 0 : Math.abs((long) other.to) * (other.extent - 1);
    }
    return Math.abs((long) axis.to) > reach;
  }

  /** Hands over all lines, by several threads where the lines' targets are apart. */
  static void walk(View source, View target, Work work, Line line) {
    if (Arrays.stream(source.dims()).anyMatch(d -> d == 0)) {
      return;
    }
    Strided walk = new Strided(source, target, line, work);
    if (walk.axes.isEmpty()) {
      line.run(source.offset(), 0, target.offset(), 0, 1);
    } else {
      walk.outermost(source.offset(), target.offset());
    }
  }

  private void outermost(int from, int to) {
    Axis axis = axes.get(0);
    int rows = isIndependent(axis) ? Math.max(1, Work.CHUNK / inner[0]) : axis.extent;
    int tasks = (axis.extent - 1) / rows + 1;
    work.tasks(
        tasks,
        t -> {
          int first = t * rows;
          int count = Math.min(axis.extent - first, rows);
          along(0, from + first * axis.from, to + first * axis.to, count);
        });
  }

  private void along(int place, int from, int to, int count) {
    Axis axis = axes.get(place);
    int burst = Math.max(1, Work.CHUNK / inner[place]);
    for (int first = 0; first < count; first += burst) {
      int length = Math.min(burst, count - first);
      if (count > burst) {
        work.check();
      }
      burst(place, from + first * axis.from, to + first * axis.to, length);
    }
  }

  private void burst(int place, int from, int to, int count) {
    Axis axis = axes.get(place);
    if (place == axes.size() - 1) {
      line.run(from, axis.from, to, axis.to, count);
      return;
    }
    for (int i = 0; i < count; i++) {
      along(place + 1, from + i * axis.from, to + i * axis.to, axes.get(place + 1).extent);
    }
  }

  /** Copies elements of any one type. */
  static void copy(Object from, View source, Object to, View target, Work work) {
    Line line =
        switch (from) {
          case double[] x -> (s, ss, t, ts, n) -> copy(x, s, ss, (double[]) to, t, ts, n);
          case long[] x -> (s, ss, t, ts, n) -> copy(x, s, ss, (long[]) to, t, ts, n);
          case boolean[] x -> (s, ss, t, ts, n) -> copy(x, s, ss, (boolean[]) to, t, ts, n);
          default -> throw new AssertionError(from.getClass());
        };
    walk(
        source,
        target,
        work,
        (s, ss, t, ts, n) -> {
          if (ss == 1 && ts == 1) {
            System.arraycopy(from, s, to, t, n);
          } else {
            line.run(s, ss, t, ts, n);
          }
        });
  }

  private static void copy(double[] x, int s, int ss, double[] y, int t, int ts, int n) {
    for (int i = 0; i < n; i++) {
      y[t + i * ts] = x[s + i * ss];
    }
  }

  private static void copy(long[] x, int s, int ss, long[] y, int t, int ts, int n) {
    for (int i = 0; i < n; i++) {
      y[t + i * ts] = x[s + i * ss];
    }
  }

  private static void copy(boolean[] x, int s, int ss, boolean[] y, int t, int ts, int n) {
    for (int i = 0; i < n; i++) {
      y[t + i * ts] = x[s + i * ss];
    }
  }

  /** Adds numbers of any one type to what is there, in row-major order of the source. */
  static void add(Object from, View source, Object to, View target, Work work) {
    Line line =
        switch (from) {
          case double[] x -> (s, ss, t, ts, n) -> add(x, s, ss, (double[]) to, t, ts, n);
          case long[] x -> (s, ss, t, ts, n) -> add(x, s, ss, (long[]) to, t, ts, n);
          default -> throw new AssertionError(from.getClass());
        };
    walk(source, target, work, line);
  }

  private static void add(double[] x, int s, int ss, double[] y, int t, int ts, int n) {
    if (ts == 0) {
      double sum = y[t];
      for (int i = 0; i < n; i++) {
        sum += x[s + i * ss];
      }
      y[t] = sum;
      return;
    }
    for (int i = 0; i < n; i++) {
      y[t + i * ts] += x[s + i * ss];
    }
  }

  private static void add(long[] x, int s, int ss, long[] y, int t, int ts, int n) {
    for (int i = 0; i < n; i++) {
      y[t + i * ts] += x[s + i * ss];
    }
  }
}
