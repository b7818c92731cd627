package wherefore.model.dl4j;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A layer's parameters, copied out of ND4J's memory on demand.
 *
 * @param arrays DL4J's name of a parameter to its values
 */
record Weights(Map<String, INDArray> arrays) {
  /** Those of a layer without parameters. */
  static final Weights NONE = new Weights(Map.of());

  /** A parameter in the shape that DL4J gives it. */
  Tensor get(String name) {
    INDArray array = arrays.get(name);
    if (array == null) {
      throw new UnsupportedException("parameters %s (needs %s)".formatted(arrays.keySet(), name));
    }
    return copy(array);
  }

  /** Those whose name begins so, by the rest of it. */
  Weights under(String prefix) {
    return new Weights(
        arrays.entrySet().stream()
            .filter(e -> e.getKey().startsWith(prefix))
            .collect(
                Collectors.toMap(e -> e.getKey().substring(prefix.length()), Map.Entry::getValue)));
  }

  /** A parameter as a vector; DL4J keeps those as matrices of one row. */
  Tensor vector(String name) {
    Tensor tensor = get(name);
    return tensor.reshape(Shape.of(tensor.size()));
  }

  /** The elements, row-major: float64 from double, float32 from all else. */
  static Tensor copy(INDArray array) {
    Shape shape = Shape.of(array.shape());
    INDArray ordered = array.dup('c');
    try {
      return array.dataType() == DataType.DOUBLE
          ? Tensor.wrap(shape, DoubleBuffer.wrap(ordered.data().asDouble()))
          : Tensor.wrap(shape, FloatBuffer.wrap(ordered.data().asFloat()));
    } finally {
      ordered.close();
    }
  }
}
