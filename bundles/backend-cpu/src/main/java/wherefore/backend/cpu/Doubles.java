package wherefore.backend.cpu;

import java.util.List;
import wherefore.tensor.ElementType;

/** Whole tensors as arrays of float64. */
final class Doubles {
  private Doubles() {}

  static double[] read(Frame frame, View view) {
    int size = (int) view.size();
    Object own = Port.array(view.type(), size);
    port(frame, view).read(0, size, own);
    if (own instanceof double[] same) {
      return same;
    }
    double[] values = new double[size];
    Kernel.cast(view.type(), ElementType.FLOAT64).run(new Object[] {own}, values, size);
    return values;
  }

  static void write(Frame frame, View view, double[] values) {
    Object own = Port.array(view.type(), values.length);
    Kernel.cast(ElementType.FLOAT64, view.type()).run(new Object[] {values}, own, values.length);
    port(frame, view).write(0, values.length, own);
  }

  private static Port port(Frame frame, View view) {
    Walk walk = new Walk(new long[] {view.size()}, List.of(new long[] {1}));
    return Port.of(frame, view, walk, 0);
  }
}
