package wherefore.model.dl4j;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Layers that look words up by their numbers. */
final class Embeddings {
  private Embeddings() {}

  /** [N, 1] → [N, H]: a(W_i + b). */
  static Emitter.Unary one(EmbeddingLayer layer, Weights weights) {
    Tensor table = weights.get("W");
    Optional<Tensor> bias = layer.hasBias() ? Optional.of(weights.vector("b")) : Optional.empty();
    Emitter.Unary activation = Activations.of(layer.getActivationFn());
    return (b, x) -> {
      if (x.shape().size() != x.shape().dim(0)) {
        throw new GraphException("takes one number for each example, gets " + x.shape());
      }
      Value rows = looked(b, b.reshape(x, Shape.of(x.shape().dim(0))), table, bias);
      return activation.emit(b, rows);
    };
  }

  /** [N, T] → [N, H, T], or [N, T, H]. */
  static Emitter.Unary sequence(EmbeddingSequenceLayer layer, Weights weights) {
    Tensor table = weights.get("W");
    Optional<Tensor> bias = layer.isHasBias() ? Optional.of(weights.vector("b")) : Optional.empty();
    Emitter.Unary activation = Activations.of(layer.getActivationFn());
    boolean last = layer.getOutputFormat() == RNNFormat.NWC;
    return (b, x) -> {
      Value numbers = flat(b, x);
      Value found = looked(b, numbers, table, bias);
      return activation.emit(b, last ? found : b.transpose(found, List.of(0, 2, 1)));
    };
  }

  /** [N, 1, T] as [N, T]. */
  private static Value flat(GraphBuilder b, Value x) {
    Shape shape = x.shape();
    if (shape.rank() == 3 && shape.dim(1) == 1) {
      return b.reshape(x, Shape.of(shape.dim(0), shape.dim(2)));
    }
    if (shape.rank() != 2) {
      throw new GraphException("takes [batch, steps], gets " + shape);
    }
    return x;
  }

  private static Value looked(GraphBuilder b, Value x, Tensor table, Optional<Tensor> bias) {
    Value numbers = b.cast(x, ElementType.INT64);
    Value rows = b.apply(new Primitive.Gather(0), b.constant(table), numbers);
    return bias.isPresent() ? b.add(rows, b.constant(bias.get())) : rows;
  }
}
