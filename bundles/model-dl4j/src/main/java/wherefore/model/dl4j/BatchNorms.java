package wherefore.model.dl4j;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Value;
import wherefore.tensor.Tensor;

/** DL4J's normalizations, with the statistics that training left. */
final class BatchNorms {
  private BatchNorms() {}

  static Emitter.Unary of(BatchNormalization layer, Weights weights) {
    Tensor mean = weights.vector("mean");
    List<Tensor> constants =
        List.of(
            gamma(layer, weights, mean),
            beta(layer, weights, mean),
            mean,
            variance(layer, weights));
    Composite.BatchNormalization op = new Composite.BatchNormalization(layer.getEps());
    boolean nhwc = Convolutions.isNhwc(layer.getCnn2DFormat());
    return (b, x) -> {
      int rank = x.shape().rank();
      if (rank != 2 && rank != 4 && !(rank == 3 && nhwc)) {
        throw new GraphException(
            "batch normalization of "
                + x.type()
                + ": DL4J's takes 2 or 4 axes, or 3 with channels last");
      }
      return Layouts.wrap(nhwc && rank > 2, (c, y) -> apply(c, op, y, constants)).emit(b, x);
    };
  }

  private static Value apply(
      GraphBuilder b, Composite.BatchNormalization op, Value x, List<Tensor> constants) {
    List<Value> c = constants.stream().map(b::constant).toList();
    return b.apply(op, x, c.get(0), c.get(1), c.get(2), c.get(3));
  }

  private static Tensor gamma(BatchNormalization layer, Weights weights, Tensor like) {
    return layer.isLockGammaBeta()
        ? locked(layer, layer.getGamma(), like)
        : weights.vector("gamma");
  }

  private static Tensor beta(BatchNormalization layer, Weights weights, Tensor like) {
    return layer.isLockGammaBeta() ? locked(layer, layer.getBeta(), like) : weights.vector("beta");
  }

  /** DL4J itself ignores a locked gamma or beta on some paths, if only one is not the default. */
  private static Tensor locked(BatchNormalization layer, double value, Tensor like) {
    if ((layer.getGamma() == 1) != (layer.getBeta() == 0)) {
      throw new UnsupportedException(
          "BatchNormalization with locked gamma %s and beta %s"
              .formatted(layer.getGamma(), layer.getBeta()));
    }
    return Tensor.full(like.type(), like.shape(), value);
  }

  /** DL4J keeps log₁₀ of the standard deviation, older versions the variance. */
  private static Tensor variance(BatchNormalization layer, Weights weights) {
    if (!layer.isUseLogStd()) {
      return weights.vector("var");
    }
    Tensor logs = weights.vector("log10stdev");
    double[] variances = Arrays.stream(logs.toDoubles()).map(s -> Math.pow(10, 2 * s)).toArray();
    return Tensor.of(logs.shape(), variances).to(logs.type());
  }

  /** x / (k + alpha · Σ x²)^beta over the n/2 channels on either side. */
  static Emitter.Unary local(LocalResponseNormalization layer) {
    int size = 2 * ((int) layer.getN() / 2) + 1;
    Composite.LRN op =
        new Composite.LRN(size, layer.getAlpha() * size, layer.getBeta(), layer.getK());
    return Layouts.wrap(Convolutions.isNhwc(layer.getDataFormat()), (b, x) -> b.apply(op, x));
  }
}
