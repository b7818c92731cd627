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
                        for (long r = first; r < last; r++) {
                          in.read(r * length, length, row);
                          row(row, logarithm);
                          out.write(r * length, length, row);
                        }
                      });
        });
  }

  private static Port port(Frame frame, View view) {
    return new Port(
        frame.segment(view.buffer()), view.type(), view.offset(), view.dims(), view.strides());
  }

  private static void row(float[] row, boolean logarithm) {
    float max = Float.NEGATIVE_INFINITY;
    for (float x : row) {
      max = Math.max(max, x);
    }
    double sum = 0;
    for (int i = 0; i < row.length; i++) {
      double e = Math.exp((double) row[i] - max);
      sum += e;
      row[i] = logarithm ? row[i] - max : (float) e;
    }
    float last = (float) (logarithm ? Math.log(sum) : 1 / sum);
    for (int i = 0; i < row.length; i++) {
      row[i] = logarithm ? row[i] - last : row[i] * last;
    }
  }
}
