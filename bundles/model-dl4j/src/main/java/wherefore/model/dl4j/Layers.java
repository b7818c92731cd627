package wherefore.model.dl4j;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.Pooling1D;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.tensor.Tensor;

/**
 * DL4J's layers, at inference: one table from a layer's class, exactly, to what it does. Dropout
 * and weight noise do nothing then.
 */
final class Layers {
  private static final Map<Class<?>, BiFunction<Layer, Weights, Emitter>> TABLE =
      Map.ofEntries(
          row(DenseLayer.class, Layers::dense),
          row(OutputLayer.class, (l, w) -> activated(matrix(w, l.hasBias()), l)),
          row(RnnOutputLayer.class, Layers::eachStep),
          row(LossLayer.class, (l, w) -> Activations.of(l.getActivationFn())),
          row(CnnLossLayer.class, (l, w) -> eachPixel(l)),
          row(ActivationLayer.class, (l, w) -> Activations.of(l.getActivationFn())),
          row(DropoutLayer.class, (l, w) -> (Emitter.Unary) (b, x) -> x),
          row(PReLULayer.class, Layers::prelu),
          row(ConvolutionLayer.class, Convolutions::twoD),
          row(Convolution2D.class, Convolutions::twoD),
          row(DepthwiseConvolution2D.class, Convolutions::depthwise),
          row(SeparableConvolution2D.class, Convolutions::separable),
          row(Convolution1DLayer.class, Convolutions::oneD),
          row(Convolution1D.class, Convolutions::oneD),
          row(SubsamplingLayer.class, (l, w) -> Poolings.twoD(l)),
          row(Pooling2D.class, (l, w) -> Poolings.twoD(l)),
          row(Subsampling1DLayer.class, (l, w) -> Poolings.oneD(l)),
          row(Pooling1D.class, (l, w) -> Poolings.oneD(l)),
          row(GlobalPoolingLayer.class, (l, w) -> Poolings.global(l)),
          row(BatchNormalization.class, BatchNorms::of),
          row(LocalResponseNormalization.class, (l, w) -> BatchNorms.local(l)),
          row(
              ZeroPaddingLayer.class,
              (l, w) ->
                  Poolings.zeroPadding(l.getPadding(), Convolutions.isNhwc(l.getDataFormat()))),
          row(
              Cropping2D.class,
              (l, w) -> Poolings.cropping(l.getCropping(), Convolutions.isNhwc(l.getDataFormat()))),
          row(
              Upsampling2D.class,
              (l, w) -> Poolings.upsampling(l.getSize(), Convolutions.isNhwc(l.getFormat()))),
          row(FrozenLayer.class, (l, w) -> of(l.getLayer(), w)),
          row(FrozenLayerWithBackprop.class, (l, w) -> of(l.getUnderlying(), w)));

  private Layers() {}

  private static <L extends Layer> Map.Entry<Class<?>, BiFunction<Layer, Weights, Emitter>> row(
      Class<L> type, BiFunction<L, Weights, Emitter> translation) {
    return Map.entry(type, (layer, weights) -> translation.apply(type.cast(layer), weights));
  }

  /** The classes that are supported, by their short names. */
  static List<String> known() {
    return TABLE.keySet().stream().map(Class::getSimpleName).sorted().toList();
  }

  /**
   * What a layer does.
   *
   * @throws UnsupportedException if its class is not in the table, or a setting is not supported
   */
  static Emitter of(Layer layer, Weights weights) {
    BiFunction<Layer, Weights, Emitter> translation = TABLE.get(layer.getClass());
    if (translation == null) {
      throw new UnsupportedException(layer.getClass().getSimpleName());
    }
    return translation.apply(layer, weights);
  }

  private static Emitter dense(DenseLayer layer, Weights weights) {
    if (layer.hasLayerNorm()) {
      throw new UnsupportedException("DenseLayer with layer normalization");
    }
    return activated(matrix(weights, layer.hasBias()), layer);
  }

  private static Emitter.Unary activated(Emitter.Unary linear, BaseLayer layer) {
    Emitter.Unary activation = Activations.of(layer.getActivationFn());
    return (b, x) -> activation.emit(b, linear.emit(b, x));
  }

  /** x · W + b over the last axis, W [in, out]. */
  private static Emitter.Unary matrix(Weights weights, boolean hasBias) {
    Tensor matrix = weights.get("W");
    Optional<Tensor> bias = hasBias ? Optional.of(weights.vector("b")) : Optional.empty();
    return (b, x) -> product(b, x, matrix, bias);
  }

  private static Value product(GraphBuilder b, Value x, Tensor matrix, Optional<Tensor> bias) {
    Value w = b.constant(matrix);
    if (x.shape().rank() == 2) {
      Composite.Gemm gemm = new Composite.Gemm(1, 1, false, false);
      return bias.isPresent() ? b.apply(gemm, x, w, b.constant(bias.get())) : b.apply(gemm, x, w);
    }
    Value product = b.matMul(x, w);
    return bias.isPresent() ? b.add(product, b.constant(bias.get())) : product;
  }

  /** The same matrix at each step; softmax over the features. */
  private static Emitter eachStep(RnnOutputLayer layer, Weights weights) {
    Emitter.Unary step = activated(matrix(weights, layer.hasBias()), layer);
    if (layer.getRnnDataFormat() == RNNFormat.NWC) {
      return step;
    }
    List<Integer> swap = List.of(0, 2, 1);
    return (Emitter.Unary) (b, x) -> b.transpose(step.emit(b, b.transpose(x, swap)), swap);
  }

  /** The activation over the channels of each pixel. */
  private static Emitter eachPixel(CnnLossLayer layer) {
    Emitter.Unary activation = Activations.of(layer.getActivationFn());
    if (Convolutions.isNhwc(layer.getFormat())) {
      return activation;
    }
    return (Emitter.Unary)
        (b, x) -> Layouts.channelsSecond(b, activation.emit(b, Layouts.restored(b, x, true)), true);
  }

  private static Emitter prelu(PReLULayer layer, Weights weights) {
    Tensor slope = weights.get("W");
    return (Emitter.Unary) (b, x) -> b.apply(new Composite.PRelu(), x, b.constant(slope));
  }
}
