package wherefore.model.dl4j;

import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.L2Vertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PoolHelperVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import wherefore.graph.BinaryFunction;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/** The vertices of DL4J's computation graphs that are no layers. */
final class Vertices {
  private static final Map<Class<?>, Function<GraphVertex, Emitter>> TABLE =
      Map.ofEntries(
          row(ElementWiseVertex.class, v -> elementWise(v.getOp())),
          row(MergeVertex.class, v -> merge(v.getMergeAxis())),
          row(SubsetVertex.class, v -> subset(v.getFrom(), v.getTo())),
          row(ScaleVertex.class, v -> scale(v.getScaleFactor())),
          row(ShiftVertex.class, v -> shift(v.getShiftFactor())),
          row(PoolHelperVertex.class, v -> (Emitter.Unary) Vertices::withoutFirstRowAndColumn),
          row(L2Vertex.class, v -> (Emitter) Vertices::distance),
          row(L2NormalizeVertex.class, v -> normalized(v.getEps())),
          row(StackVertex.class, v -> (Emitter) Vertices::stacked),
          row(UnstackVertex.class, v -> unstacked(v.getFrom(), v.getStackSize())),
          row(ReshapeVertex.class, Vertices::reshaped),
          row(LastTimeStepVertex.class, v -> (Emitter.Unary) Vertices::lastStep),
          row(DuplicateToTimeSeriesVertex.class, v -> (Emitter) Vertices::duplicated),
          row(
              ReverseTimeSeriesVertex.class,
              v -> (Emitter.Unary) (b, x) -> Borders.reversed(b, x, 2)));

  private Vertices() {}

  private static <V extends GraphVertex> Map.Entry<Class<?>, Function<GraphVertex, Emitter>> row(
      Class<V> type, Function<V, Emitter> translation) {
    return Map.entry(type, vertex -> translation.apply(type.cast(vertex)));
  }

  /** The classes that are supported, by their short names. */
  static List<String> known() {
    return Stream.concat(TABLE.keySet().stream(), Stream.of(AttentionVertex.class))
        .map(Class::getSimpleName)
        .sorted()
        .toList();
  }

  /**
   * What a vertex does.
   *
   * @throws UnsupportedException if its class is not in the table
   */
  static Emitter of(GraphVertex vertex, Weights weights) {
    if (vertex instanceof AttentionVertex attention) {
      return Attentions.vertex(attention, weights);
    }
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

  /** √ Σ (a − b)², [N, 1]. */
  private static Value distance(GraphBuilder b, List<Value> x) {
    Value difference = b.sub(x.get(0), x.get(1));
    Value sum = b.sum(b.mul(difference, difference), inner(x.getFirst()));
    Shape column = Shape.of(sum.shape().dim(0), 1);
    return b.reshape(Products.root(b, sum, 2), column);
  }

  /** x / max(‖x‖, ε) of each example. */
  private static Emitter.Unary normalized(double epsilon) {
    return (b, x) -> {
      Value norm = Products.root(b, b.sum(b.mul(x, x), inner(x)), 2);
      return b.div(x, b.binary(BinaryFunction.MAX, norm, epsilon));
    };
  }

  private static List<Integer> inner(Value x) {
    return IntStream.range(1, x.shape().rank()).boxed().toList();
  }

  /** Examples behind examples; shorter sequences end in zeros. */
  private static Value stacked(GraphBuilder b, List<Value> x) {
    if (x.getFirst().shape().rank() != 3) {
      return b.concat(0, x);
    }
    int longest = x.stream().mapToInt(v -> v.shape().dim(2)).max().orElseThrow();
    return b.concat(
        0, x.stream().map(v -> Borders.padding(0, longest - v.shape().dim(2)).emit(b, v)).toList());
  }

  private static Emitter.Unary unstacked(int from, int count) {
    return (b, x) -> {
      int step = x.shape().dim(0) / count;
      return b.slice(x, 0, from * step, (from + 1) * step);
    };
  }

  /** To a shape in which −1 stands for what is left. */
  private static Emitter.Unary reshaped(ReshapeVertex vertex) {
    if (vertex.getReshapeOrder() != 'c') {
      throw new UnsupportedException(
          "ReshapeVertex in the order %s, which mixes examples"
              .formatted(vertex.getReshapeOrder()));
    }
    int[] shape = vertex.getNewShape().clone();
    return (b, x) -> b.reshape(x, resolved(shape, x.shape()));
  }

  private static Shape resolved(int[] shape, Shape from) {
    long known = IntStream.of(shape).filter(e -> e >= 0).asLongStream().reduce(1, (p, e) -> p * e);
    int rest = known == 0 ? 0 : (int) (from.size() / known);
    return Shape.of(IntStream.of(shape).map(e -> e < 0 ? rest : e).toArray());
  }

  private static Value lastStep(GraphBuilder b, Value x) {
    int steps = x.shape().dim(2);
    return b.reshape(b.slice(x, 2, steps - 1, steps), x.shape().axes(0, 2));
  }

  /** The first operand at each step of the second. */
  private static Value duplicated(GraphBuilder b, List<Value> x) {
    return Borders.repeated(b, x.getFirst(), x.getLast().shape().dim(2));
  }
}
