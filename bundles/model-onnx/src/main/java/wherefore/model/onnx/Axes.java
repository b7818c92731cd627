package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/** Axes moved about. */
final class Axes {
  private Axes() {}

  /** The axis moved behind all others. */
  static Value toLast(GraphBuilder b, Value x, int axis) {
    List<Integer> order = range(x.shape().rank());
    order.add(order.remove(axis));
    return b.transpose(x, order);
  }

  /** The axis moved in front of all others. */
  static Value toFirst(GraphBuilder b, Value x, int axis) {
    List<Integer> order = range(x.shape().rank());
    order.add(0, order.remove(axis));
    return b.transpose(x, order);
  }

  /** The last axis moved to a place; the inverse of {@link #toLast}. */
  static Value fromLast(GraphBuilder b, Value x, int axis) {
    int rank = x.shape().rank();
    List<Integer> order = range(rank);
    order.add(axis, order.remove(rank - 1));
    return b.transpose(x, order);
  }

  static List<Integer> range(int rank) {
    return new ArrayList<>(IntStream.range(0, rank).boxed().toList());
  }
}
