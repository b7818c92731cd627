package wherefore.backend.cpu;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.Node;
import wherefore.tensor.ElementType;

/** Matrix products of float64 and int64, which oneDNN has no kernels for. */
final class ArrayProduct {
  private ArrayProduct() {}

  static void emit(Planner planner, Node node, boolean transposeA, boolean transposeB) {
    View a = operand(planner, node.inputs().get(0), transposeA);
    View b = operand(planner, node.inputs().get(1), !transposeB);
    View y = planner.result(node);
    planner.set(node, y);
    if (y.size() == 0) {
      return;
    }
    int last = y.rank() - 1;
    int m = (int) y.dims()[last - 1];
    int n = (int) y.dims()[last];
    int k = (int) a.dims()[last];
    planner.emit(
        "matmul in java",
        List.of(a.buffer(), b.buffer()),
        List.of(y.buffer()),
        null,
        frame -> {
          Port left = port(frame, a);
          Port right = port(frame, b);
          Port out = port(frame, y);
          return () ->
              frame
                  .team()
                  .each(
                      y.size() / n,
                      (long) n * k,
                      (slot, from, to) -> {
                        Object row = Port.array(a.type(), k);
                        Object column = Port.array(a.type(), k);
                        Object sums = Port.array(a.type(), n);
                        for (long r = from; r < to; r++) {
                          left.read(r * k, k, row);
                          for (int j = 0; j < n; j++) {
                            right.read((r / m * n + j) * k, k, column);
                            dot(a.type(), row, column, k, sums, j);
                          }
                          out.write(r * n, n, sums);
                        }
                      });
        });
  }

  private static void dot(ElementType type, Object a, Object b, int k, Object sums, int place) {
    switch (type) {
      case FLOAT32 -> ((float[]) sums)[place] = dot((float[]) a, (float[]) b, k);
      case FLOAT64 -> ((double[]) sums)[place] = dot((double[]) a, (double[]) b, k);
      case INT64 -> ((long[]) sums)[place] = dot((long[]) a, (long[]) b, k);
      case BOOL -> throw new AssertionError("products of bool");
    }
  }

  private static float dot(float[] a, float[] b, int k) {
    double sum = 0;
    for (int i = 0; i < k; i++) {
      sum += (double) a[i] * b[i];
    }
    return (float) sum;
  }

  private static double dot(double[] a, double[] b, int k) {
    double sum = 0;
    for (int i = 0; i < k; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static long dot(long[] a, long[] b, int k) {
    long sum = 0;
    for (int i = 0; i < k; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** With the summed axis innermost, row-major. */
  private static View operand(Planner planner, int id, boolean swap) {
    View view = planner.plain(planner.view(id));
    if (!swap) {
      return planner.dense(view);
    }
    var order = new ArrayList<>(IntStream.range(0, view.rank()).boxed().toList());
    Collections.swap(order, view.rank() - 1, view.rank() - 2);
    return planner.dense(view.transposed(order));
  }

  private static Port port(Frame frame, View view) {
    return Port.of(frame, view, new Walk(new long[] {view.size()}, List.of(new long[] {1})), 0);
  }
}
