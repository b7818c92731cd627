package wherefore.model.dl4j;

import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import wherefore.graph.BinaryFunction;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;

/** The vertices of DL4J's computation graphs that are no layers. */
final class Vertices {
  private static final Map<Class<?>, Function<GraphVertex, Emitter>> TABLE =
      Map.ofEntries(
          row(ElementWiseVertex.class, v -> elementWise(v.getOp())),
          row(MergeVertex.class, v -> merge(v.getMergeAxis())),
          row(SubsetVertex.class, v -> subset(v.getFrom(), v.getTo())),
          row(ScaleVertex.class, v -> scale(v.getScaleFactor())),
          row(ShiftVertex.class, v -> shift(v.getShiftFactor())),
          row(PoolHelperVertex.class, v -> (Emitter.Unary) Vertices::withoutFirstRowAndColumn));

  private Vertices() {}

  private static <V extends GraphVertex> Map.Entry<Class<?>, Function<GraphVertex, Emitter>> row(
      Class<V> type, Function<V, Emitter> translation) {
    return Map.entry(type, vertex -> translation.apply(type.cast(vertex)));
  }

  /** The classes that are supported, by their short names. */
  static List<String> known() {
    return TABLE.keySet().stream().map(Class::getSimpleName).sorted().toList();
  }

  /**
   * What a vertex does.
   *
   * @throws UnsupportedException if its class is not in the table
   */
  static Emitter of(GraphVertex vertex) {
    Function<GraphVertex, Emitter> translation = TABLE.get(vertex.getClass());
    if (translation == null) {
      throw new UnsupportedException(vertex.getClass().getSimpleName());
    }
    return translation.apply(vertex);
  }

  private static Emitter elementWise(ElementWiseVertex.Op op) {
    return switch (op) {
      case Add -> folded(BinaryFunction.ADD);
      case Subtract -> folded(BinaryFunction.SUB);
      case Product -> folded(BinaryFunction.MUL);
      case Max -> folded(BinaryFunction.MAX);
      case Average -> {
        Emitter sum = folded(BinaryFunction.ADD);
        yield (b, x) -> b.mul(sum.emit(b, x), 1.0 / x.size());
      }
    };
  }

  private static Emitter merge(int axis) {
    return (b, x) -> b.concat(axis, x);
  }

  private static Emitter.Unary subset(int from, int to) {
    return (b, x) -> b.slice(x, 1, from, to + 1);
  }

  private static Emitter.Unary scale(double factor) {
    return (b, x) -> b.mul(x, factor);
  }

  private static Emitter.Unary shift(double term) {
    return (b, x) -> b.add(x, term);
  }

  private static Emitter folded(BinaryFunction function) {
    return (b, x) -> {
      BinaryOperator<Value> step = (left, right) -> b.binary(function, left, right);
      return x.stream().reduce(step).orElseThrow();
    };
  }

  private static Value withoutFirstRowAndColumn(GraphBuilder b, Value x) {
    Value rows = b.slice(x, 2, 1, x.shape().dim(2));
    return b.slice(rows, 3, 1, x.shape().dim(3));
  }
}
