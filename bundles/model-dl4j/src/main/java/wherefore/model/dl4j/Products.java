package wherefore.model.dl4j;

import java.util.Optional;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.tensor.Tensor;

/** Matrix products and norms that several layers share. */
final class Products {
  /** Below it a variance counts as none: ND4J's layer normalization has no epsilon, but no NaN. */
  private static final double NO_VARIANCE = 1e-30;

  private static final double SMALLEST = 1e-37;

  private Products() {}

  /** x · W + b over the last axis, W [in, out]. */
  static Value linear(GraphBuilder b, Value x, Tensor matrix, Optional<Tensor> bias) {
    Value w = b.constant(matrix);
    if (x.shape().rank() == 2) {
      Composite.Gemm gemm = new Composite.Gemm(1, 1, false, false);
      return bias.isPresent() ? b.apply(gemm, x, w, b.constant(bias.get())) : b.apply(gemm, x, w);
    }
    Value product = b.matMul(x, w);
    return bias.isPresent() ? b.add(product, b.constant(bias.get())) : product;
  }

  /** (x − mean) / deviation · gain over the last axis of a matrix. */
  static Value normalized(GraphBuilder b, Value x, Tensor gain) {
    return b.apply(new Composite.LayerNormalization(1, NO_VARIANCE), x, b.constant(gain));
  }

  /** |x|^power. */
  static Value powers(GraphBuilder b, Value x, double power) {
    return b.binary(BinaryFunction.POW, b.unary(UnaryFunction.ABS, x), power);
  }

  /** sum^(1/power) of what is not negative; its derivative at 0 is 0. */
  static Value root(GraphBuilder b, Value sum, double power) {
    Value positive = b.compare(Comparison.LESS, b.number(0, sum), sum);
    Value bounded = b.binary(BinaryFunction.MAX, sum, SMALLEST);
    Value root = b.binary(BinaryFunction.POW, bounded, 1 / power);
    return b.where(positive, root, b.number(0, sum));
  }
}
