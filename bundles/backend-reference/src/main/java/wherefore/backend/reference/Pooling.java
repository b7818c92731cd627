package wherefore.backend.reference;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import wherefore.compute.Cancellation;
import wherefore.graph.Composite;
import wherefore.graph.TensorType;
import wherefore.graph.Window;
import wherefore.tensor.Shape;

/**
 * Pooling tap by tap: for each tap of the window, what it meets is taken into account for all
 * outputs for which it meets a sample. The windows themselves are never made.
 */
final class Pooling {
  private final List<Sampling> axes;
  private final Shape samples;
  private final Shape outputs;

  private Pooling(Window window, Shape operand) {
    this.samples = operand.axes(2, operand.rank());
    this.axes =
        IntStream.range(0, window.rank())
            .mapToObj(a -> Sampling.sliding(window, a, samples.dim(a)))
            .toList();
    this.outputs = Shape.of(axes.stream().mapToInt(Sampling::outputs).toArray());
  }

  /** A tap: the samples that it meets, and the outputs for which it does. */
  private record Tap(View samples, View outputs) {}

  /** The taps in row-major order. */
  private List<Tap> taps() {
    int count = axes.stream().mapToInt(s -> s.taps().length).reduce(1, (a, b) -> a * b);
    return IntStream.range(0, count).mapToObj(this::tap).toList();
  }

  private Tap tap(int number) {
    int[] starts = new int[axes.size()];
    int[] firsts = new int[axes.size()];
    int[] steps = new int[axes.size()];
    int[] ones = new int[axes.size()];
    int[] extents = new int[axes.size()];
    int rest = number;
    for (int a = axes.size() - 1; a >= 0; a--) {
      Sampling s = axes.get(a);
      int tap = rest % s.taps().length;
      rest /= s.taps().length;
      firsts[a] = s.first(tap);
      extents[a] = s.end(tap) - s.first(tap);
      starts[a] = s.starts()[tap] + firsts[a] * s.step();
      steps[a] = s.step();
      ones[a] = 1;
    }
    return new Tap(
        View.of(samples).part(starts, steps, extents),
        View.of(outputs).part(firsts, ones, extents));
  }

  /** Runs a line of each plane for each tap, in this order of taps; planes by several threads. */
  private void run(int planes, List<Tap> taps, Work work, Strided.Line lines) {
    work.tasks(
        planes,
        plane -> {
          for (Tap tap : taps) {
            Strided.walk(
                tap.samples,
                tap.outputs,
                work,
                (s, ss, t, ts, n) ->
                    lines.run(plane * samples.size() + s, ss, plane * outputs.size() + t, ts, n));
          }
        });
  }

  static Kernel max(Composite.MaxPool p, TensorType out) {
    return (in, work) -> {
      double[] x = in.get(0).doubles();
      double[] y = new double[out.shape().size()];
      Arrays.fill(y, Double.NEGATIVE_INFINITY);
      Pooling pooling = new Pooling(p.window(), in.get(0).shape());
      pooling.run(
          out.shape().axes(0, 2).size(),
          pooling.taps(),
          work,
          (s, ss, t, ts, n) -> {
            for (int i = 0; i < n; i++) {
              y[t + i * ts] = Math.max(y[t + i * ts], x[s + i * ss]);
            }
          });
      return new Array(out.shape(), y);
    };
  }

  static Kernel maxGrad(Composite.MaxPoolGrad p, TensorType out) {
    return (in, work) -> {
      double[] x = in.get(0).doubles();
      double[] dy = in.get(1).doubles();
      double[] best = new double[dy.length];
      int[] places = new int[dy.length];
      Arrays.fill(best, Double.NEGATIVE_INFINITY);
      Arrays.fill(places, -1);
      Pooling pooling = new Pooling(p.window(), in.get(0).shape());
      pooling.run(
          out.shape().axes(0, 2).size(),
          pooling.taps(),
          work,
          (s, ss, t, ts, n) -> {
            for (int i = 0; i < n; i++) {
              if (places[t + i * ts] < 0 || Maximum.beats(x[s + i * ss], best[t + i * ts])) {
                best[t + i * ts] = x[s + i * ss];
                places[t + i * ts] = s + i * ss;
              }
            }
          });
      return new Array(out.shape(), scattered(dy, places, out.shape().size()));
    };
  }

  private static double[] scattered(double[] dy, int[] places, int size) {
    double[] dx = new double[size];
    for (int i = 0; i < dy.length; i++) {
      if (places[i] >= 0) {
        dx[places[i]] += dy[i];
      }
    }
    return dx;
  }

  static Kernel average(Composite.AveragePool p, TensorType operand, TensorType out) {
    Pooling pooling = new Pooling(p.window(), operand.shape());
    double[] counts = pooling.counts(p.countIncludePad());
    return (in, work) -> {
      double[] x = in.get(0).doubles();
      double[] y = new double[out.shape().size()];
      pooling.run(
          out.shape().axes(0, 2).size(),
          pooling.taps(),
          work,
          (s, ss, t, ts, n) -> {
            for (int i = 0; i < n; i++) {
              y[t + i * ts] += x[s + i * ss];
            }
          });
      work.chunks(y.length, (from, to) -> share(y, y, counts, from, to));
      return new Array(out.shape(), y);
    };
  }

  static Kernel averageGrad(Composite.AveragePoolGrad p, TensorType out) {
    Pooling pooling = new Pooling(p.window(), out.shape());
    double[] counts = pooling.counts(p.countIncludePad());
    return (in, work) -> {
      double[] dy = in.get(0).doubles();
      double[] shares = new double[dy.length];
      work.chunks(dy.length, (from, to) -> share(dy, shares, counts, from, to));
      double[] dx = new double[out.shape().size()];
      pooling.run(
          out.shape().axes(0, 2).size(),
          pooling.taps().reversed(),
          work,
          (s, ss, t, ts, n) -> {
            for (int i = 0; i < n; i++) {
              dx[s + i * ss] += shares[t + i * ts];
            }
          });
      return new Array(out.shape(), dx);
    };
  }

  private static void share(double[] x, double[] y, double[] counts, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = x[i] / counts[i % counts.length];
    }
  }

  /** How many elements each window averages over. */
  private double[] counts(boolean countIncludePad) {
    double[] counts = new double[outputs.size()];
    List<Tap> taps = taps();
    if (countIncludePad) {
      Arrays.fill(counts, taps.size());
      return counts;
    }
    Consumer<Tap> count =
        tap ->
            Strided.walk(
                tap.samples,
                tap.outputs,
                new Work(Cancellation.NEVER),
                (s, ss, t, ts, n) -> {
                  for (int i = 0; i < n; i++) {
                    counts[t + i * ts]++;
                  }
                });
    taps.forEach(count);
    return counts;
  }
}
