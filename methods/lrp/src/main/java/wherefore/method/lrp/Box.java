package wherefore.method.lrp;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import wherefore.attribution.Variable;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/**
 * The least and the greatest number that inputs have.
 *
 * @param low from a value to the least number, a scalar of its element type
 * @param high the same of the greatest
 */
record Box(UnaryOperator<Value> low, UnaryOperator<Value> high) {
  /** Between two numbers. */
  static Box of(double low, double high) {
    return new Box(v -> v.builder().number(low, v), v -> v.builder().number(high, v));
  }

  /** The range of all variables together, at the request's input. */
  static Box of(List<Variable> variables) {
    double[] values =
        variables.stream().flatMapToDouble(v -> DoubleStream.of(v.value().toDoubles())).toArray();
    return of(DoubleStream.of(values).min().orElse(0), DoubleStream.of(values).max().orElse(0));
  }

  /** The range of all values together, as it will be when they are known. */
  static Box of(Collection<Value> points) {
    return new Box(
        v -> v.builder().neg(greatest(points, v, p -> p.builder().neg(p))),
        v -> greatest(points, v, p -> p));
  }

  private static Value greatest(Collection<Value> points, Value like, Function<Value, Value> part) {
    GraphBuilder b = like.builder();
    List<Value> flat =
        points.stream()
            .map(p -> b.cast(b.reshape(part.apply(p), Shape.of(p.shape().size())), like.element()))
            .toList();
    return b.reshape(b.max(b.concat(0, flat), List.of(0)), Shape.of());
  }
}
