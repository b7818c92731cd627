package wherefore.model.dl4j;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.CapsuleLayer;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Capsule layers, [N, capsules, dimensions]. Source: Sabour 2017. */
final class Capsules {
  private static final double EPSILON = 1e-5;

  private Capsules() {}

  /** A convolution, W [rows, columns, in, capsule · channel], split into capsules. */
  static Emitter.Unary primary(PrimaryCapsules layer, Weights weights) {
    SlidingKernel kernel =
        SlidingKernel.of(
            2,
            layer.getKernelSize(),
            layer.getStride(),
            layer.getDilation(),
            layer.getPadding(),
            layer.getConvolutionMode());
    Tensor kernels = HostTensors.transpose(weights.get("weight"), List.of(3, 2, 0, 1));
    Optional<Tensor> bias =
        layer.isHasBias() ? Optional.of(weights.vector("bias")) : Optional.empty();
    Emitter.Unary convolution = Convolutions.linear(kernel, kernels, bias);
    Emitter.Unary activation = layer.isUseRelu() ? Activations.leaky(layer.getLeak()) : (b, x) -> x;
    int count = layer.getCapsules();
    int dimensions = layer.getCapsuleDimensions();
    return (b, x) -> {
      Value y = activation.emit(b, convolution.emit(b, x));
      if (y.shape().size() != (long) x.shape().dim(0) * count * dimensions) {
        throw new GraphException(
            "made for %d capsules of %d dimensions, gets %s"
                .formatted(count, dimensions, y.shape()));
      }
      return squashed(b, b.reshape(y, Shape.of(x.shape().dim(0), count, dimensions)), 2);
    };
  }

  /** Routing by agreement; W [1, in, out · dimensions, dimensions of in, 1]. */
  static Emitter.Unary routed(CapsuleLayer layer, Weights weights) {
    Tensor w = weights.get("weight");
    Shape shape = w.shape();
    Tensor matrices =
        HostTensors.transpose(
            w.reshape(Shape.of(shape.dim(1), shape.dim(2), shape.dim(3))), List.of(0, 2, 1));
    int count = layer.getCapsules();
    int dimensions = layer.getCapsuleDimensions();
    int rounds = layer.getRoutings();
    Optional<Tensor> bias =
        layer.isHasBias()
            ? Optional.of(weights.get("bias").reshape(Shape.of(1, 1, count, dimensions)))
            : Optional.empty();
    return (b, x) -> {
      Value products = b.matMul(b.transpose(x, List.of(1, 0, 2)), b.constant(matrices));
      Shape split = Shape.of(x.shape().dim(0), x.shape().dim(1), count, dimensions);
      Value votes = b.reshape(b.transpose(products, List.of(1, 0, 2)), split);
      Value agreed = agreed(b, votes, bias, rounds);
      return b.reshape(agreed, Shape.of(x.shape().dim(0), count, dimensions));
    };
  }

  /** votes [N, in, out, dimensions] → [N, 1, out, dimensions]. */
  private static Value agreed(GraphBuilder b, Value votes, Optional<Tensor> bias, int rounds) {
    Value shares = b.number(1.0 / votes.shape().dim(2), votes);
    Value logits = b.mul(b.slice(votes, 3, 0, 1), 0);
    Value result = votes;
    for (int round = 0; round < rounds; round++) {
      Value sum = b.sum(b.mul(shares, votes), List.of(1));
      result = squashed(b, bias.isPresent() ? b.add(sum, b.constant(bias.get())) : sum, 3);
      logits = b.add(logits, b.sum(b.mul(votes, result), List.of(3)));
      shares = b.apply(new Composite.Softmax(2), logits);
    }
    return result;
  }

  /** s |s|² / ((1 + |s|²) √(|s|² + ε)). */
  private static Value squashed(GraphBuilder b, Value s, int axis) {
    Value square = b.sum(b.mul(s, s), List.of(axis));
    Value length = b.unary(UnaryFunction.SQRT, b.add(square, EPSILON));
    return b.div(b.mul(s, square), b.mul(b.add(square, 1), length));
  }

  /** |s| of each capsule, [N, capsules]. */
  static Value strengths(GraphBuilder b, Value x) {
    Value square = b.sum(b.mul(x, x), List.of(2));
    return b.reshape(Products.root(b, square, 2), x.shape().axes(0, 2));
  }
}
