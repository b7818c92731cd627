package wherefore.model.onnx;

import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.GraphException;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Nodes whose result the file itself gives, or that follows from constants alone. */
final class Literals {
  private Literals() {}

  static void register(Operators table) {
    table.add("Constant", 1, c -> c.literal(constant(c)));
    table.add("ConstantOfShape", 9, Literals::constantOfShape);
    table.add("Range", 11, Literals::range);
    table.add("NonZero", 9, Literals::nonZero);
    table.add("EyeLike", 9, Literals::eye);
    table.add("HannWindow", 17, c -> window(c, 0.5, 0.5, 0));
    table.add("HammingWindow", 17, c -> window(c, 25.0 / 46, 21.0 / 46, 0));
    table.add("BlackmanWindow", 17, c -> window(c, 0.42, 0.5, 0.08));
  }

  private static Tensor constant(Call c) {
    Attributes a = c.attributes();
    if (a.has("value")) {
      return c.tensor(a.tensor("value").orElseThrow());
    }
    if (a.has("value_float") || a.has("value_floats")) {
      List<Double> values =
          a.numbers("value_floats").orElseGet(() -> List.of(a.number("value_float", 0)));
      double[] numbers = values.stream().mapToDouble(Double::doubleValue).toArray();
      Shape shape = a.has("value_float") ? Shape.SCALAR : Shape.of(numbers.length);
      return Tensor.of(shape, numbers).to(ElementType.FLOAT32);
    }
    if (a.has("value_int")) {
      return Tensor.of(Shape.SCALAR, (long) a.integer("value_int", 0));
    }
    long[] values =
        a.longs("value_ints")
            .orElseThrow(
                () ->
                    new GraphException(
                        "has none of value, value_float, value_floats, value_int, value_ints;"
                            + " strings and sparse tensors are not supported"));
    return Tensor.of(Shape.of(values.length), values);
  }

  private static Value constantOfShape(Call c) {
    Tensor value =
        c.attributes().tensor("value").map(c::tensor).orElseGet(() -> Tensor.of(Shape.SCALAR, 0f));
    if (value.size() != 1) {
      throw new GraphException("its value must have one element, not " + value.shape());
    }
    return c.filled(value, Shape.of(c.longs(0, "shape")));
  }

  private static Value range(Call c) {
    Tensor from = c.constant(0, "start");
    Tensor to = c.constant(1, "limit");
    Tensor by = c.constant(2, "step");
    double count = Math.ceil((to.get(0) - from.get(0)) / by.get(0));
    int length = Call.checkTable(count > 0 ? (long) count : 0);
    Shape shape = Shape.of(length);
    if (from.type() == ElementType.INT64) {
      long start = from.toLongs()[0];
      long step = by.toLongs()[0];
      return c.indices(
          shape, IntStream.range(0, length).mapToLong(i -> start + i * step).toArray());
    }
    double[] values =
        IntStream.range(0, length).mapToDouble(i -> from.get(0) + i * by.get(0)).toArray();
    return c.literal(Tensor.of(shape, values).to(from.type()));
  }

  /** Places of the elements that are not 0: a matrix [rank, count]. */
  private static Value nonZero(Call c) {
    Tensor x = c.constant(0, "number of elements that are not 0");
    int[] found = IntStream.range(0, x.size()).filter(i -> x.get(i) != 0).toArray();
    int rank = x.shape().rank();
    int[] strides = x.shape().strides();
    long[] places = new long[rank * found.length];
    for (int a = 0; a < rank; a++) {
      for (int i = 0; i < found.length; i++) {
        places[a * found.length + i] = found[i] / strides[a] % x.shape().dim(a);
      }
    }
    return c.indices(Shape.of(rank, found.length), places);
  }

  private static Value eye(Call c) {
    Shape shape = c.x().shape();
    int rows = shape.dim(0);
    int columns = shape.dim(1);
    int k = c.attributes().integer("k", 0);
    double[] values = new double[Call.checkTable((long) rows * columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i % columns - i / columns == k ? 1 : 0;
    }
    ElementType type =
        c.attributes().has("dtype")
            ? Call.element(c.attributes().integer("dtype", 1))
            : c.x().element();
    return c.literal(Tensor.of(Shape.of(rows, columns), values).to(type));
  }

  /** a − b·cos(2πi/n) + c·cos(4πi/n). */
  private static Value window(Call call, double a, double b, double c) {
    int size = Call.checkTable(call.longs(0, "size")[0]);
    double n = call.attributes().flag("periodic", true) ? size : size - 1.0;
    double[] values =
        IntStream.range(0, size)
            .mapToDouble(i -> 2 * Math.PI * i / n)
            .map(t -> a - b * Math.cos(t) + c * Math.cos(2 * t))
            .toArray();
    ElementType type = Call.element(call.attributes().integer("output_datatype", 1));
    return call.literal(Tensor.of(Shape.of(size), values).to(type));
  }
}
