package wherefore.model.dl4j;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.nd4j.linalg.activations.IActivation;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** DL4J's convolution layers. */
final class Convolutions {
  private Convolutions() {}

  /** W [out, in, rows, columns]. */
  static Emitter.Unary twoD(ConvolutionLayer layer, Weights weights) {
    Linear linear = new Linear(kernel(layer, 2), weights.get("W"), bias(layer, weights), 1);
    return activated(linear::emit, layer.getActivationFn(), isNhwc(layer.getCnn2dDataFormat()));
  }

  /** W [out, in, steps, 1], whose elements DL4J takes as if they lay as [steps, in, out]. */
  static Emitter.Unary oneD(Convolution1DLayer layer, Weights weights) {
    Tensor kernels = weights.get("W");
    Shape shape = kernels.shape();
    Tensor steps = kernels.reshape(Shape.of(shape.dim(2), shape.dim(1), shape.dim(0)));
    Linear linear =
        new Linear(
            kernel(layer, 1),
            HostTensors.transpose(steps, List.of(2, 1, 0)),
            bias(layer, weights),
            1);
    return activated(
        linear::emit, layer.getActivationFn(), layer.getRnnDataFormat() == RNNFormat.NWC);
  }

  /** W [out, in, depth, rows, columns]. */
  static Emitter.Unary threeD(Convolution3D layer, Weights weights) {
    Linear linear = new Linear(kernel(layer, 3), weights.get("W"), bias(layer, weights), 1);
    return activated(
        linear::emit,
        layer.getActivationFn(),
        layer.getDataFormat() == Convolution3D.DataFormat.NDHWC);
  }

  /** Without an activation; kernels [out, in, …]. */
  static Emitter.Unary linear(SlidingKernel kernel, Tensor kernels, Optional<Tensor> bias) {
    return new Linear(kernel, kernels, bias, 1)::emit;
  }

  /** W [rows, columns, in, multiplier]: each channel has kernels of its own. */
  static Emitter.Unary depthwise(ConvolutionLayer layer, Weights weights) {
    Tensor kernels = HostTensors.transpose(weights.get("W"), List.of(2, 3, 0, 1));
    Linear linear =
        new Linear(kernel(layer, 2), merged(kernels), bias(layer, weights), kernels.shape().dim(0));
    return activated(linear::emit, layer.getActivationFn(), isNhwc(layer.getCnn2dDataFormat()));
  }

  /** W [multiplier, in, rows, columns], then pW [out, in · multiplier, 1, 1]. */
  static Emitter.Unary separable(ConvolutionLayer layer, Weights weights) {
    Tensor kernels = HostTensors.transpose(weights.get("W"), List.of(1, 0, 2, 3));
    Linear depth =
        new Linear(kernel(layer, 2), merged(kernels), Optional.empty(), kernels.shape().dim(0));
    Linear point = new Linear(POINT, weights.get("pW"), bias(layer, weights), 1);
    return activated(
        (b, x) -> point.emit(b, depth.emit(b, x)),
        layer.getActivationFn(),
        isNhwc(layer.getCnn2dDataFormat()));
  }

  private static final SlidingKernel POINT =
      new SlidingKernel(
          List.of(1, 1), List.of(1, 1), List.of(1, 1), List.of(0, 0), SlidingKernel.Mode.TRUNCATE);

  /** True if channels come last. */
  static boolean isNhwc(CNN2DFormat format) {
    return format == CNN2DFormat.NHWC;
  }

  /**
   * A linear map on channels second, then the activation: before the layout is restored if it works
   * element by element, else after, since DL4J's softmax runs over the last axis of its layout.
   */
  static Emitter.Unary activated(Emitter.Unary linear, IActivation function, boolean last) {
    Emitter.Unary activation = Activations.of(function);
    if (!Activations.mixesElements(function)) {
      return Layouts.wrap(last, (b, x) -> activation.emit(b, linear.emit(b, x)));
    }
    Emitter.Unary restored = Layouts.wrap(last, linear);
    return (b, x) -> activation.emit(b, restored.emit(b, x));
  }

  private static SlidingKernel kernel(ConvolutionLayer layer, int rank) {
    return SlidingKernel.of(
        rank,
        layer.getKernelSize(),
        layer.getStride(),
        layer.getDilation(),
        layer.getPadding(),
        layer.getConvolutionMode());
  }

  /** The bias, if there is one. */
  static Optional<Tensor> bias(ConvolutionLayer layer, Weights weights) {
    return layer.hasBias() ? Optional.of(weights.vector("b")) : Optional.empty();
  }

  /** [group, multiplier, …] to [group · multiplier, 1, …]. */
  private static Tensor merged(Tensor kernels) {
    Shape shape = kernels.shape();
    return kernels.reshape(
        Shape.of(shape.dim(0) * shape.dim(1), 1).concat(shape.axes(2, shape.rank())));
  }

  /** A convolution with its constants. */
  private record Linear(SlidingKernel kernel, Tensor weights, Optional<Tensor> bias, int group) {
    Value emit(GraphBuilder b, Value x) {
      Primitive.Conv conv = new Primitive.Conv(kernel.over(x.shape()), group);
      Value w = b.constant(weights);
      return bias.isPresent() ? b.apply(conv, x, w, b.constant(bias.get())) : b.apply(conv, x, w);
    }
  }
}
