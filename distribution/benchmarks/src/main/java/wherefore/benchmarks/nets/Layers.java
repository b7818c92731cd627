package wherefore.benchmarks.nets;

import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.Tensor;

/** What the networks are made of. The weights are drawn once; the graph is built for each batch. */
final class Layers {
  private Layers() {}

  /** From one value to the next. */
  @FunctionalInterface
  interface Layer {
    Value apply(GraphBuilder b, Value x);

    default Layer then(Layer next) {
      return (b, x) -> next.apply(b, apply(b, x));
    }
  }

  static Layer named(String name, Layer layer) {
    return (b, x) -> layer.apply(b.at(name), x);
  }

  static Layer convolution(Weights weights, int in, int out, int kernel, int stride) {
    Tensor w = weights.he(out, in, kernel, kernel);
    return (b, x) -> b.apply(window(kernel, stride), x, b.constant(w));
  }

  static Layer biasedConvolution(Weights weights, int in, int out, int kernel) {
    Tensor w = weights.he(out, in, kernel, kernel);
    Tensor bias = weights.bias(out, in, kernel, kernel);
    return (b, x) -> b.apply(window(kernel, 1), x, b.constant(w), b.constant(bias));
  }

  private static Primitive.Conv window(int kernel, int stride) {
    int pad = kernel / 2;
    return new Primitive.Conv(Window.of(kernel, kernel).strides(stride, stride).pads(pad, pad), 1);
  }

  /**
   * Batch normalisation with statistics as of a trained layer.
   *
   * @param scale its mean scale
   */
  static Layer normalization(Weights weights, int channels, double scale) {
    Tensor gamma = weights.between(scale / 2, scale * 3 / 2, channels);
    Tensor beta = weights.uniform(0.2, channels);
    Tensor mean = weights.uniform(0.2, channels);
    Tensor variance = weights.between(0.5, 1.5, channels);
    return (b, x) ->
        b.apply(
            new Composite.BatchNormalization(1e-5),
            x,
            b.constant(gamma),
            b.constant(beta),
            b.constant(mean),
            b.constant(variance));
  }

  static Layer relu() {
    return (b, x) -> b.apply(new Composite.Relu(), x);
  }

  static Layer maxPool(int kernel, int stride, int pad) {
    Window window = Window.of(kernel, kernel).strides(stride, stride).pads(pad, pad);
    return (b, x) -> b.apply(new Composite.MaxPool(window), x);
  }

  static Layer dense(Weights weights, int in, int out) {
    Tensor w = weights.he(out, in);
    Tensor bias = weights.bias(out, in);
    Composite.Gemm gemm = new Composite.Gemm(1, 1, false, true);
    return (b, x) -> b.apply(gemm, x, b.constant(w), b.constant(bias));
  }
}
