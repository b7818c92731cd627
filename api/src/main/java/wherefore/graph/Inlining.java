package wherefore.graph;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import wherefore.tensor.Shape;

/** What a builder does in more than one step. */
final class Inlining {
  private Inlining() {}

  static Inlined inline(GraphBuilder b, Graph graph, Map<Integer, Value> bound) {
    boolean[] needed = needed(graph, bound);
    Map<Integer, Value> values = new HashMap<>(bound);
    String outer = b.origin();
    for (Node node : graph.nodes()) {
      if (needed[node.id()] && !bound.containsKey(node.id())) {
        List<Value> operands = node.inputs().stream().map(values::get).toList();
        values.put(node.id(), b.at(node.origin()).apply(node.op(), operands));
      }
    }
    b.at(outer);
    return new Inlined(values);
  }

  private static boolean[] needed(Graph graph, Map<Integer, Value> bound) {
    boolean[] needed = new boolean[graph.nodes().size()];
    graph.outputs().values().forEach(id -> needed[id] = true);
    for (Node node : graph.nodes().reversed()) {
      if (needed[node.id()] && !bound.containsKey(node.id())) {
        node.inputs().forEach(in -> needed[in] = true);
      }
    }
    return needed;
  }

  static Value matMul(GraphBuilder b, Value left, Value right) {
    boolean row = left.shape().rank() == 1;
    boolean column = right.shape().rank() == 1;
    Value x = row ? b.reshape(left, Shape.of(1).concat(left.shape())) : left;
    Value y = column ? b.reshape(right, right.shape().concat(Shape.of(1))) : right;
    Value product = y.shape().rank() == 2 ? byMatrix(b, x, y) : batched(b, x, y);
    int[] dims = product.shape().dims();
    int end = dims.length - (column ? 1 : 0);
    Shape shape = Shape.of(Arrays.copyOf(dims, end));
    if (row) {
      int place = dims.length - 2;
      shape = shape.axes(0, place).concat(shape.axes(place + 1, end));
    }
    return b.reshape(product, shape);
  }

  /** All rows of all matrices on the left as one matrix: one product instead of many. */
  private static Value byMatrix(GraphBuilder b, Value x, Value y) {
    Shape outer = x.shape().axes(0, x.shape().rank() - 1);
    Value rows = b.reshape(x, Shape.of(outer.size(), x.shape().dim(-1)));
    Value product = b.apply(new Primitive.MatMul(false, false), rows, y);
    return b.reshape(product, outer.concat(Shape.of(y.shape().dim(-1))));
  }

  private static Value batched(GraphBuilder b, Value x, Value y) {
    Shape outer =
        Shape.broadcast(
            x.shape().axes(0, x.shape().rank() - 2), y.shape().axes(0, y.shape().rank() - 2));
    return b.apply(
        new Primitive.MatMul(false, false),
        b.expand(x, outer.concat(x.shape().axes(x.shape().rank() - 2, x.shape().rank()))),
        b.expand(y, outer.concat(y.shape().axes(y.shape().rank() - 2, y.shape().rank()))));
  }
}
