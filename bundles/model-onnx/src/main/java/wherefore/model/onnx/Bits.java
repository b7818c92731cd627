package wherefore.model.onnx;

import java.util.function.LongBinaryOperator;
import java.util.stream.LongStream;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Arithmetic on bits, of constants only: masks and shapes that exporters compute. What depends on
 * the width of an integer (shifts, the complement) is missing: all integers are 64 bits wide here.
 */
final class Bits {
  private Bits() {}

  static void register(Operators table) {
    table.add("BitwiseAnd", 18, c -> binary(c, (a, b) -> a & b));
    table.add("BitwiseOr", 18, c -> binary(c, (a, b) -> a | b));
    table.add("BitwiseXor", 18, c -> binary(c, (a, b) -> a ^ b));
  }

  private static Value binary(Call c, LongBinaryOperator f) {
    GraphBuilder b = c.b();
    Shape shape = Shape.broadcast(c.x().shape(), c.in(1).shape());
    Tensor left = c.known(b.expand(c.x(), shape), "first operand");
    Tensor right = c.known(b.expand(b.cast(c.in(1), c.x().element()), shape), "second operand");
    long[] x = left.to(ElementType.INT64).toLongs();
    long[] y = right.to(ElementType.INT64).toLongs();
    long[] out =
        LongStream.range(0, x.length).map(i -> f.applyAsLong(x[(int) i], y[(int) i])).toArray();
    return b.cast(c.indices(shape, out), c.x().element());
  }
}
