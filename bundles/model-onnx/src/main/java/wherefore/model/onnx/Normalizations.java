package wherefore.model.onnx;

import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Op;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/** Normalisation by mean, variance or length. */
final class Normalizations {
  private static final double EPSILON = 1e-5;

  private Normalizations() {}

  static void register(Operators table) {
    table.add("BatchNormalization", 1, Normalizations::batch);
    table.add(
        "InstanceNormalization", 1, c -> apply(c, new Composite.InstanceNormalization(epsilon(c))));
    table.add("GroupNormalization", 18, Normalizations::groupOfGroups);
    table.add("GroupNormalization", 21, c -> apply(c, group(c)));
    table.addAll("LayerNormalization", 17, Normalizations::layer);
    table.add("RMSNormalization", 23, Normalizations::rootMeanSquare);
    table.add("LRN", 1, c -> apply(c, lrn(c.attributes())));
    table.add("LpNormalization", 1, Normalizations::length);
    table.add("MeanVarianceNormalization", 9, Normalizations::meanVariance);
  }

  private static double epsilon(Call c) {
    return c.attributes().number("epsilon", EPSILON);
  }

  private static Value apply(Call c, Op op) {
    List<Value> operands = c.operands().stream().map(v -> c.like(v, c.x())).toList();
    return c.b().apply(op, operands);
  }

  private static Value batch(Call c) {
    c.onlyFirstOutput("statistics of the batch");
    boolean training =
        c.opset() >= 14
            ? c.attributes().flag("training_mode", false)
            : c.opset() >= 7 && IntStream.range(1, c.outputs()).anyMatch(c::wants);
    if (training) {
      throw new GraphException(
          "is in training mode: its result depends on the rest of the batch; export the model for"
              + " inference");
    }
    if (c.opset() < 9 && !c.attributes().flag("spatial", true) && c.x().shape().rank() > 2) {
      throw new GraphException("spatial = 0 is supported for data of rank 2 only");
    }
    return apply(c, new Composite.BatchNormalization(epsilon(c)));
  }

  private static Composite group(Call c) {
    return new Composite.GroupNormalization(c.attributes().integer("num_groups", 1), epsilon(c));
  }

  /** Before opset 21 scale and bias have one element a group. */
  private static Value groupOfGroups(Call c) {
    int channels = c.x().shape().dim(1);
    return c.b()
        .apply(group(c), c.x(), repeated(c, c.in(1), channels), repeated(c, c.in(2), channels));
  }

  private static Value repeated(Call c, Value parameter, int channels) {
    int groups = parameter.shape().size();
    Value column = c.b().reshape(parameter, Shape.of(groups, 1));
    Value all = c.b().expand(column, Shape.of(groups, channels / groups));
    return c.b().reshape(all, Shape.of(channels));
  }

  private static List<Value> layer(Call c) {
    GraphBuilder b = c.b();
    Value x = c.x();
    int axis = x.shape().axis(c.attributes().integer("axis", -1));
    Value y = apply(c, new Composite.LayerNormalization(axis, epsilon(c)));
    if (!c.wants(1) && !c.wants(2)) {
      return List.of(y);
    }
    List<Integer> axes = IntStream.range(axis, x.shape().rank()).boxed().toList();
    Value mean = b.apply(new Composite.ReduceMean(axes), x);
    Value centred = b.sub(x, mean);
    Value variance = b.apply(new Composite.ReduceMean(axes), b.mul(centred, centred));
    Value root = b.unary(UnaryFunction.SQRT, b.add(variance, epsilon(c)));
    return List.of(y, mean, b.unary(UnaryFunction.RECIPROCAL, root));
  }

  private static Value rootMeanSquare(Call c) {
    GraphBuilder b = c.b();
    Value x = c.x();
    int axis = x.shape().axis(c.attributes().integer("axis", -1));
    List<Integer> axes = IntStream.range(axis, x.shape().rank()).boxed().toList();
    Value mean = b.apply(new Composite.ReduceMean(axes), b.mul(x, x));
    Value root = b.unary(UnaryFunction.SQRT, b.add(mean, epsilon(c)));
    return b.mul(b.div(x, root), c.like(c.in(1), x));
  }

  private static Composite lrn(Attributes a) {
    return new Composite.LRN(
        a.integer("size", 1), a.number("alpha", 1e-4), a.number("beta", 0.75), a.number("bias", 1));
  }

  /** A vector of zeros stays one. */
  private static Value length(Call c) {
    GraphBuilder b = c.b();
    List<Integer> axis = List.of(c.x().shape().axis(c.attributes().integer("axis", -1)));
    boolean absolute = c.attributes().integer("p", 2) == 1;
    Value parts = absolute ? b.unary(UnaryFunction.ABS, c.x()) : b.mul(c.x(), c.x());
    Value sum = b.sum(parts, axis);
    Value zero = b.compare(Comparison.EQUAL, sum, b.number(0, sum));
    Value safe = b.where(zero, b.number(1, sum), sum);
    return b.div(c.x(), absolute ? safe : b.unary(UnaryFunction.SQRT, safe));
  }

  private static Value meanVariance(Call c) {
    GraphBuilder b = c.b();
    List<Integer> axes =
        c.attributes().integers("axes").orElse(List.of(0, 2, 3)).stream()
            .map(a -> c.x().shape().axis(a))
            .sorted()
            .toList();
    Value centred = b.sub(c.x(), b.apply(new Composite.ReduceMean(axes), c.x()));
    Value variance = b.apply(new Composite.ReduceMean(axes), b.mul(centred, centred));
    Value deviation = b.binary(BinaryFunction.ADD, b.unary(UnaryFunction.SQRT, variance), 1e-9);
    return b.div(centred, deviation);
  }
}
