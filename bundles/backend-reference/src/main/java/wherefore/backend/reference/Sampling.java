package wherefore.backend.reference;

import java.util.ArrayList;
import java.util.List;
import wherefore.graph.Window;

/**
 * Which samples of an axis the taps of a kernel meet: tap t of output o meets sample starts[t] + o
 * · step, which counts as padding where it lies outside of the axis.
 *
 * @param extent the samples
 * @param outputs the outputs
 * @param step how far neighbouring outputs are apart
 * @param taps each tap's place in the kernel
 * @param starts what each tap meets for output 0
 */
record Sampling(int extent, int outputs, int step, int[] taps, int[] starts) {
  /** A window sliding over an axis, as convolution and pooling do. */
  static Sampling sliding(Window w, int axis, int extent) {
    int[] taps = new int[w.kernel().get(axis)];
    int[] starts = new int[taps.length];
    for (int t = 0; t < taps.length; t++) {
      taps[t] = t;
      starts[t] = t * w.dilations().get(axis) - w.padBegin().get(axis);
    }
    return new Sampling(extent, w.outputs(axis, extent), w.strides().get(axis), taps, starts);
  }

  /**
   * The adjoint's: every {@code stride}-th output from {@code phase} on. Those meet the taps t for
   * which phase + pad − t · dilation is a multiple of the stride, and no others.
   */
  static Sampling transposed(Window w, int axis, int extent, int result, int phase) {
    int stride = w.strides().get(axis);
    List<Integer> taps = new ArrayList<>();
    for (int t = 0; t < w.kernel().get(axis); t++) {
      if (Math.floorMod(shift(w, axis, phase, t), stride) == 0) {
        taps.add(t);
      }
    }
    int[] starts = taps.stream().mapToInt(t -> shift(w, axis, phase, t) / stride).toArray();
    int outputs = (result - phase + stride - 1) / stride;
    int[] places = taps.stream().mapToInt(Integer::intValue).toArray();
    return new Sampling(extent, outputs, 1, places, starts);
  }

  private static int shift(Window w, int axis, int phase, int tap) {
    return phase + w.padBegin().get(axis) - tap * w.dilations().get(axis);
  }

  /** The first output for which a tap meets a sample. */
  int first(int tap) {
    return Math.min(outputs, starts[tap] >= 0 ? 0 : (-starts[tap] + step - 1) / step);
  }

  /** The output behind the last one for which a tap meets a sample. */
  int end(int tap) {
    int room = extent - starts[tap];
    return Math.max(first(tap), Math.min(outputs, room <= 0 ? 0 : (room + step - 1) / step));
  }
}
