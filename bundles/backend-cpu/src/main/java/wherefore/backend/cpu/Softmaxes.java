package wherefore.backend.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.Node;

/** Softmax and its logarithm along an axis, a row at a time; sums in float64. */
final class Softmaxes {
  private Softmaxes() {}

  static void emit(Planner planner, Node node, int axis, boolean logarithm) {
    View x = planner.plain(planner.view(node.inputs().get(0)));
    View y = planner.result(node);
    planner.set(node, y);
    if (y.size() == 0) {
      return;
    }
    List<Integer> order = new ArrayList<>(IntStream.range(0, x.rank()).boxed().toList());
    order.remove((Integer) axis);
    order.add(axis);
    View from = x.transposed(order);
    View to = y.transposed(order);
    int length = (int) x.dims()[axis];
    planner.emit(
        logarithm ? "logsoftmax" : "softmax",
        List.of(x.buffer()),
        List.of(y.buffer()),
        x.isDense() ? x.buffer() : null,
        frame -> {
          Port in = port(frame, from);
          Port out = port(frame, to);
          return () ->
              frame
                  .team()
                  .each(
                      y.size() / length,
                      16L * length,
                      (slot, first, last) -> {
                        float[] row = new float[length];
                        float[] powers = new float[length];
                        for (long r = first; r < last; r++) {
                          in.read(r * length, length, row);
                          row(row, powers, logarithm);
                          out.write(r * length, length, row);
                        }
                      });
        });
  }

  private static Port port(Frame frame, View view) {
    return new Port(
        frame.segment(view.buffer()), view.type(), view.offset(), view.dims(), view.strides());
  }

  private static void row(float[] row, float[] powers, boolean logarithm) {
    float max = Loops.max(row, row.length);
    SmoothLoops.exp(row, max, powers, row.length);
    double sum = Loops.sum(powers, row.length);
    if (logarithm) {
      shift(row, max, (float) Math.log(sum));
    } else {
      scale(powers, (float) (1 / sum), row);
    }
  }

  private static void shift(float[] row, float max, float last) {
    for (int i = 0; i < row.length; i++) {
      row[i] = row[i] - max - last;
    }
  }

  private static void scale(float[] powers, float factor, float[] row) {
    for (int i = 0; i < row.length; i++) {
      row[i] = powers[i] * factor;
    }
  }
}
