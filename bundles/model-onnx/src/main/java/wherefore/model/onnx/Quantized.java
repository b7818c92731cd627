package wherefore.model.onnx;

import java.util.Arrays;
import java.util.List;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

/**
 * Weights that were stored as integers, made numbers again: (x − zero point) · scale. Of what is
 * fed nothing is quantised: rounding has no gradient.
 */
final class Quantized {
  private Quantized() {}

  static void register(Operators table) {
    table.add("DequantizeLinear", 10, Quantized::dequantize);
    table.add("com.microsoft", "DequantizeLinear", 1, Quantized::dequantize);
  }

  private static Value dequantize(Call c) {
    if (c.constant(0).isEmpty()) {
      throw new GraphException(
          "has an operand that depends on what is fed: a quantised model has no gradient: export"
              + " it unquantised");
    }
    GraphBuilder b = c.b();
    Value scale = c.in(1);
    ElementType type =
        c.attributes().integer("output_dtype", 0) == 0
            ? scale.element()
            : Call.element(c.attributes().integer("output_dtype", 0));
    Value x = b.cast(c.x(), type);
    Value centred = c.has(2) ? b.sub(x, b.cast(spread(c, c.in(2)), type)) : x;
    return b.mul(centred, b.cast(spread(c, scale), type));
  }

  /** One number for all, one along an axis, or one a block of an axis. */
  private static Value spread(Call c, Value parameter) {
    GraphBuilder b = c.b();
    Shape data = c.x().shape();
    int block = c.attributes().integer("block_size", 0);
    if (parameter.shape().size() == 1 && parameter.shape().rank() <= 1) {
      return b.reshape(parameter, Shape.SCALAR);
    }
    int axis = data.axis(c.attributes().integer("axis", 1));
    if (block == 0) {
      int[] dims = new int[data.rank()];
      Arrays.fill(dims, 1);
      dims[axis] = parameter.shape().size();
      return b.reshape(parameter, Shape.of(dims));
    }
    Shape s = parameter.shape();
    Shape outer = s.axes(0, axis + 1);
    Shape inner = s.axes(axis + 1, s.rank());
    Value column = b.reshape(parameter, outer.concat(Shape.of(1)).concat(inner));
    Value wide = b.expand(column, outer.concat(Shape.of(block)).concat(inner));
    Value blocks = b.reshape(wide, s.with(axis, Math.multiplyExact(s.dim(axis), block)));
    return b.slice(blocks, axis, 0, data.dim(axis));
  }

  /** Operators that a quantised model consists of. */
  static boolean isQuantized(String type) {
    return type.contains("Quantize")
        || type.startsWith("QLinear")
        || type.endsWith("Integer")
        || List.of("QAttention", "QGemm", "MatMulNBits").contains(type);
  }
}
