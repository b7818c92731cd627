package wherefore.model.dl4j;

import java.util.List;
import java.util.stream.IntStream;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** What is done to weights once, while they are read. */
final class HostTensors {
  private HostTensors() {}

  /** Axis i of the result is axis {@code permutation[i]} of the tensor. */
  static Tensor transpose(Tensor tensor, List<Integer> permutation) {
    Shape from = tensor.shape();
    Shape to = Shape.of(permutation.stream().mapToInt(from::dim).toArray());
    int[] steps = from.strides();
    double[] source = tensor.toDoubles();
    double[] target = new double[source.length];
    int[] strides = to.strides();
    for (int i = 0; i < target.length; i++) {
      int index = i;
      target[i] =
          source[
              IntStream.range(0, to.rank())
                  .map(a -> index / strides[a] % to.dim(a) * steps[permutation.get(a)])
                  .sum()];
    }
    return Tensor.of(to, target).to(tensor.type());
  }

  /** Columns from start (included) to end (excluded) of a matrix. */
  static Tensor columns(Tensor matrix, int start, int end) {
    int rows = matrix.shape().dim(0);
    int columns = matrix.shape().dim(1);
    double[] source = matrix.toDoubles();
    double[] target = new double[rows * (end - start)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(source, row * columns + start, target, row * (end - start), end - start);
    }
    return Tensor.of(Shape.of(rows, end - start), target).to(matrix.type());
  }

  /** A column of a matrix as a vector. */
  static Tensor column(Tensor matrix, int index) {
    return columns(matrix, index, index + 1).reshape(Shape.of(matrix.shape().dim(0)));
  }
}
