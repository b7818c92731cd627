package wherefore.backend.cpu;

import java.util.List;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.Window;

/** Convolutions that oneDNN has no kernel for, in float64: exact, and slow. */
final class ArrayConvolution {
  private final Node node;
  private final Window window;
  private final int group;
  private final long[] wide;
  private final long[] narrow;
  private final boolean transposed;

  private ArrayConvolution(
      Node node, Window window, int group, long[] wide, long[] narrow, boolean transposed) {
    this.node = node;
    this.window = window;
    this.group = group;
    this.wide = wide;
    this.narrow = narrow;
    this.transposed = transposed;
  }

  static void emit(Planner planner, Node node, Primitive.Conv conv) {
    long[] x = View.longs(planner.graph().node(node.inputs().get(0)).shape());
    new ArrayConvolution(node, conv.window(), conv.group(), x, View.longs(node.shape()), false)
        .emit(planner);
  }

  static void emitTranspose(Planner planner, Node node, Primitive.ConvTranspose conv) {
    long[] x = View.longs(planner.graph().node(node.inputs().get(0)).shape());
    new ArrayConvolution(node, conv.window(), conv.group(), View.longs(node.shape()), x, true)
        .emit(planner);
  }

  private void emit(Planner planner) {
    List<View> in = node.inputs().stream().map(i -> planner.dense(planner.view(i))).toList();
    View y = planner.result(node);
    planner.set(node, y);
    planner.emit(
        transposed ? "conv' in java" : "conv in java",
        in.stream().map(View::buffer).toList(),
        List.of(y.buffer()),
        null,
        frame -> () -> run(frame, in, y));
  }

  private void run(Frame frame, List<View> in, View y) {
    double[] x = Doubles.read(frame, in.get(0));
    double[] w = Doubles.read(frame, in.get(1));
    double[] out = new double[(int) y.size()];
    if (in.size() == 3) {
      bias(Doubles.read(frame, in.get(2)), out, y.dims());
    }
    long outputs = narrow[0] * narrow[1];
    if (transposed) {
      images(0, wide[0], x, w, out);
    } else {
      frame.team().each(outputs, 1 << 10, (slot, from, to) -> channels(from, to, x, w, out));
    }
    Doubles.write(frame, y, out);
  }

  private static void bias(double[] bias, double[] out, long[] dims) {
    int plane = (int) (out.length / Math.max(1, dims[0] * dims[1]));
    for (int i = 0; i < out.length; i++) {
      out[i] = bias[i / plane % (int) dims[1]];
    }
  }

  private void images(long from, long to, double[] x, double[] w, double[] out) {
    channels(from * narrow[1], to * narrow[1], x, w, out);
  }

  /** For each channel of the narrow side and window: every channel of the group and tap. */
  private void channels(long from, long to, double[] x, double[] w, double[] out) {
    int taps = window.kernel().stream().reduce(1, (a, b) -> a * b);
    int places = plane(narrow);
    int perGroup = (int) (wide[1] / group);
    for (long nm = from; nm < to; nm++) {
      int m = (int) (nm % narrow[1]);
      int first = (int) (m / (narrow[1] / group)) * perGroup;
      for (int o = 0; o < places; o++) {
        for (int k = 0; k < taps; k++) {
          int i = place(o, k);
          if (i >= 0) {
            int small = (int) nm * places + o;
            long base = (nm / narrow[1] * wide[1] + first) * plane(wide) + i;
            multiply(perGroup, small, base, (m * perGroup) * taps + k, taps, x, w, out);
          }
        }
      }
    }
  }

  private void multiply(
      int channels,
      int small,
      long base,
      int weight,
      int taps,
      double[] x,
      double[] w,
      double[] y) {
    int plane = plane(wide);
    for (int c = 0; c < channels; c++) {
      int big = (int) (base + (long) c * plane);
      if (transposed) {
        y[big] += x[small] * w[weight + c * taps];
      } else {
        y[small] += x[big] * w[weight + c * taps];
      }
    }
  }

  private static int plane(long[] dims) {
    int plane = 1;
    for (int a = 2; a < dims.length; a++) {
      plane *= (int) dims[a];
    }
    return plane;
  }

  /** Where on the wide side a tap of a window lies; −1 in the padding. */
  private int place(int output, int tap) {
    int place = 0;
    int step = 1;
    int o = output;
    int k = tap;
    for (int a = window.rank() - 1; a >= 0; a--) {
      int along =
          (int) (o % narrow[a + 2]) * window.strides().get(a)
              - window.padBegin().get(a)
              + k % window.kernel().get(a) * window.dilations().get(a);
      if (along < 0 || along >= wide[a + 2]) {
        return -1;
      }
      place += along * step;
      step *= (int) wide[a + 2];
      o /= (int) narrow[a + 2];
      k /= window.kernel().get(a);
    }
    return place;
  }
}
