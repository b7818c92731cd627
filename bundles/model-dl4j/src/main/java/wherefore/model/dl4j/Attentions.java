package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Attention: softmax over steps of kᵀ q / √d, applied to values. Sequences are [N, C, T]. Source:
 * Vaswani 2017.
 */
final class Attentions {
  private Attentions() {}

  /** Queries, keys and values to [N, C, T of the queries]. */
  @FunctionalInterface
  private interface Attention {
    Value emit(GraphBuilder b, Value queries, Value keys, Value values);
  }

  static Emitter.Unary self(SelfAttentionLayer layer, Weights weights) {
    Attention attention = of(layer.isProjectInput(), weights);
    return (b, x) -> attention.emit(b, x, x, x);
  }

  /** Queries Q [1, C, count] of its own. */
  static Emitter.Unary learned(LearnedSelfAttentionLayer layer, Weights weights) {
    Attention attention = of(layer.isProjectInput(), weights);
    Tensor queries = weights.get("Q");
    return (b, x) -> {
      Shape all = Shape.of(x.shape().dim(0)).concat(queries.shape().axes(1, 3));
      return attention.emit(b, b.expand(b.constant(queries), all), x, x);
    };
  }

  /** y_t = a(x_t W + b + attention(y_{t−1}, x) R). */
  static Emitter.Unary recurrent(RecurrentAttentionLayer layer, Weights weights) {
    Attention attention = of(layer.isProjectInput(), weights);
    Tensor input = weights.get("W");
    Tensor recurrent = weights.get("RW");
    Optional<Tensor> bias = layer.isHasBias() ? Optional.of(weights.vector("b")) : Optional.empty();
    Emitter.Unary activation = LocallyConnected.activation(layer.getActivation());
    return (b, x) ->
        Recurrence.unrolled(
                (c, rows) -> Products.linear(c, rows, input, bias),
                (c, projected, state) ->
                    List.of(
                        activation.emit(
                            c,
                            state.isEmpty()
                                ? projected
                                : c.add(
                                    projected,
                                    attended(c, attention, state.getFirst(), x, recurrent)))),
                true)
            .emit(b, x, Optional.empty());
  }

  private static Value attended(
      GraphBuilder b, Attention attention, Value before, Value x, Tensor recurrent) {
    Value query = b.reshape(before, before.shape().concat(Shape.of(1)));
    Value found = attention.emit(b, query, x, x);
    Value row = b.reshape(found, found.shape().axes(0, 2));
    return Products.linear(b, row, recurrent, Optional.empty());
  }

  /** Operands: queries, keys, values. */
  static Emitter vertex(AttentionVertex vertex, Weights weights) {
    Attention attention = of(vertex.isProjectInput(), weights);
    return (b, x) -> attention.emit(b, x.get(0), x.get(1), x.get(2));
  }

  private static Attention of(boolean projected, Weights weights) {
    return projected
        ? new Heads(weights.get("Wq"), weights.get("Wk"), weights.get("Wv"), weights.get("Wo"))
        : Attentions::attention;
  }

  /** Axes before the last two are batches. */
  private static Value attention(GraphBuilder b, Value queries, Value keys, Value values) {
    int rank = keys.shape().rank();
    if (rank < 3) {
      throw new GraphException("attention takes sequences, gets " + keys.shape());
    }
    Value scores = b.apply(new Primitive.MatMul(true, false), keys, queries);
    Value scaled = b.mul(scores, 1 / Math.sqrt(keys.shape().dim(rank - 2)));
    Value shares = b.apply(new Composite.Softmax(rank - 2), scaled);
    return b.apply(new Primitive.MatMul(false, false), values, shares);
  }

  /** Wq, Wk, Wv [heads, size, in]; Wo [heads · size, out]. */
  private record Heads(Tensor queries, Tensor keys, Tensor values, Tensor out)
      implements Attention {
    @Override
    public Value emit(GraphBuilder b, Value q, Value k, Value v) {
      Value all =
          attention(b, projected(b, queries, q), projected(b, keys, k), projected(b, values, v));
      Shape shape = all.shape();
      Shape merged = Shape.of(shape.dim(0), shape.dim(1) * shape.dim(2), shape.dim(3));
      Value steps = b.transpose(b.reshape(all, merged), List.of(0, 2, 1));
      Value projected = b.matMul(steps, b.constant(out));
      return b.transpose(projected, List.of(0, 2, 1));
    }

    /** [N, C, T] → [N, heads, size, T]. */
    private static Value projected(GraphBuilder b, Tensor matrices, Value x) {
      Shape m = matrices.shape();
      Tensor matrix = matrices.reshape(Shape.of(m.dim(0) * m.dim(1), m.dim(2)));
      Value y = b.matMul(b.constant(matrix), x);
      List<Integer> extents = new ArrayList<>();
      extents.add(x.shape().dim(0));
      extents.add(m.dim(0));
      extents.add(m.dim(1));
      extents.add(x.shape().dim(2));
      return b.reshape(y, Shape.of(extents.stream().mapToInt(i -> i).toArray()));
    }
  }
}
