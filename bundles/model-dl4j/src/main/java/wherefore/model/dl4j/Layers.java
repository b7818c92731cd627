package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CapsuleLayer;
import org.deeplearning4j.nn.conf.layers.CapsuleStrengthLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1D;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution2D;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.Pooling1D;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToBatchLayer;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskLayer;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.deeplearning4j.nn.layers.util.IdentityLayer;
import org.nd4j.linalg.activations.IActivation;
import wherefore.graph.Composite;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
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
          row(CenterLossOutputLayer.class, (l, w) -> activated(matrix(w, true), l)),
          row(
              RnnLossLayer.class,
              (l, w) -> eachStep(Activations.of(l.getActivationFn()), l.getRnnDataFormat())),
          row(
              Cnn3DLossLayer.class,
              (l, w) ->
                  overChannels(
                      l.getActivationFn(), l.getDataFormat() == Convolution3D.DataFormat.NDHWC)),
          row(LossLayer.class, (l, w) -> Activations.of(l.getActivationFn())),
          row(
              CnnLossLayer.class,
              (l, w) -> overChannels(l.getActivationFn(), Convolutions.isNhwc(l.getFormat()))),
          row(ActivationLayer.class, (l, w) -> Activations.of(l.getActivationFn())),
          row(DropoutLayer.class, (l, w) -> (Emitter.Unary) (b, x) -> x),
          row(PReLULayer.class, Layers::prelu),
          row(ConvolutionLayer.class, Convolutions::twoD),
          row(Convolution2D.class, Convolutions::twoD),
          row(DepthwiseConvolution2D.class, Convolutions::depthwise),
          row(SeparableConvolution2D.class, Convolutions::separable),
          row(Convolution1DLayer.class, Convolutions::oneD),
          row(Convolution1D.class, Convolutions::oneD),
          row(Convolution3D.class, Convolutions::threeD),
          row(Deconvolution2D.class, Deconvolutions::twoD),
          row(Deconvolution3D.class, Deconvolutions::threeD),
          row(Subsampling3DLayer.class, (l, w) -> Poolings.threeD(l)),
          row(SubsamplingLayer.class, (l, w) -> Poolings.twoD(l)),
          row(Pooling2D.class, (l, w) -> Poolings.twoD(l)),
          row(Subsampling1DLayer.class, (l, w) -> Poolings.oneD(l)),
          row(Pooling1D.class, (l, w) -> Poolings.oneD(l)),
          row(GlobalPoolingLayer.class, (l, w) -> Poolings.global(l)),
          row(BatchNormalization.class, BatchNorms::of),
          row(LocalResponseNormalization.class, (l, w) -> BatchNorms.local(l)),
          row(ZeroPadding1DLayer.class, (l, w) -> Borders.padding(l.getPadding())),
          row(
              ZeroPaddingLayer.class,
              (l, w) -> image(l.getDataFormat(), Borders.padding(l.getPadding()))),
          row(ZeroPadding3DLayer.class, (l, w) -> Borders.padding(l.getPadding())),
          row(Cropping1D.class, (l, w) -> Borders.cropping(l.getCropping())),
          row(
              Cropping2D.class,
              (l, w) -> image(l.getDataFormat(), Borders.cropping(l.getCropping()))),
          row(Cropping3D.class, (l, w) -> Borders.cropping(l.getCropping())),
          row(Upsampling1D.class, (l, w) -> Borders.upsampling(l.getSize()[0])),
          row(Upsampling2D.class, (l, w) -> image(l.getFormat(), Borders.upsampling(l.getSize()))),
          row(
              Upsampling3D.class,
              (l, w) -> volume(l.getDataFormat(), Borders.upsampling(l.getSize()))),
          row(
              SpaceToDepthLayer.class,
              (l, w) -> image(l.getDataFormat(), Borders.spaceToDepth(l.getBlockSize()))),
          row(SpaceToBatchLayer.class, (l, w) -> toBatch(l)),
          row(EmbeddingLayer.class, Embeddings::one),
          row(EmbeddingSequenceLayer.class, Embeddings::sequence),
          row(LSTM.class, Recurrences::emitter),
          row(GravesLSTM.class, Recurrences::emitter),
          row(GravesBidirectionalLSTM.class, Recurrences::emitter),
          row(SimpleRnn.class, Recurrences::emitter),
          row(Bidirectional.class, Recurrences::emitter),
          row(LastTimeStep.class, Recurrences::emitter),
          row(MaskZeroLayer.class, Recurrences::emitter),
          row(TimeDistributed.class, Layers::distributed),
          row(RepeatVector.class, (l, w) -> repeated(l)),
          row(IdentityLayer.class, (l, w) -> (Emitter.Unary) (b, x) -> x),
          row(MaskLayer.class, (l, w) -> (Emitter.Unary) (b, x) -> x),
          row(ElementWiseMultiplicationLayer.class, Layers::scaled),
          row(AutoEncoder.class, (l, w) -> activated(matrix(w, true), l)),
          row(VariationalAutoencoder.class, Layers::encoded),
          row(SelfAttentionLayer.class, Attentions::self),
          row(LearnedSelfAttentionLayer.class, Attentions::learned),
          row(RecurrentAttentionLayer.class, Attentions::recurrent),
          row(PrimaryCapsules.class, Capsules::primary),
          row(CapsuleLayer.class, Capsules::routed),
          row(CapsuleStrengthLayer.class, (l, w) -> (Emitter.Unary) Capsules::strengths),
          row(LocallyConnected1D.class, LocallyConnected::oneD),
          row(LocallyConnected2D.class, LocallyConnected::twoD),
          row(Yolo2OutputLayer.class, (l, w) -> Detections.yolo(l)),
          row(OCNNOutputLayer.class, Layers::oneClass),
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
    return activated(
        layer.hasLayerNorm() ? normalized(layer, weights) : matrix(weights, layer.hasBias()),
        layer);
  }

  /** The product normalized, then the bias. */
  private static Emitter.Unary normalized(DenseLayer layer, Weights weights) {
    Emitter.Unary product = matrix(weights, false);
    Tensor gain = weights.vector("g");
    Optional<Tensor> bias = layer.hasBias() ? Optional.of(weights.vector("b")) : Optional.empty();
    return (b, x) -> {
      Value y = Products.normalized(b, product.emit(b, x), gain);
      return bias.isPresent() ? b.add(y, b.constant(bias.get())) : y;
    };
  }

  private static Emitter.Unary activated(Emitter.Unary linear, BaseLayer layer) {
    Emitter.Unary activation = Activations.of(layer.getActivationFn());
    return (b, x) -> activation.emit(b, linear.emit(b, x));
  }

  /** x · W + b over the last axis, W [in, out]. */
  private static Emitter.Unary matrix(Weights weights, boolean hasBias) {
    Tensor matrix = weights.get("W");
    Optional<Tensor> bias = hasBias ? Optional.of(weights.vector("b")) : Optional.empty();
    return (b, x) -> Products.linear(b, x, matrix, bias);
  }

  /** The same matrix at each step; softmax over the features. */
  private static Emitter eachStep(RnnOutputLayer layer, Weights weights) {
    return eachStep(activated(matrix(weights, layer.hasBias()), layer), layer.getRnnDataFormat());
  }

  private static Emitter.Unary eachStep(Emitter.Unary step, RNNFormat format) {
    if (format == RNNFormat.NWC) {
      return step;
    }
    List<Integer> swap = List.of(0, 2, 1);
    return (b, x) -> b.transpose(step.emit(b, b.transpose(x, swap)), swap);
  }

  /** The activation over the channels of each pixel. */
  private static Emitter.Unary overChannels(IActivation function, boolean last) {
    Emitter.Unary activation = Activations.of(function);
    return last
        ? activation
        : (b, x) ->
            Layouts.channelsSecond(b, activation.emit(b, Layouts.restored(b, x, true)), true);
  }

  private static Emitter.Unary image(CNN2DFormat format, Emitter.Unary inner) {
    return Layouts.wrap(Convolutions.isNhwc(format), inner);
  }

  private static Emitter.Unary volume(Convolution3D.DataFormat format, Emitter.Unary inner) {
    return Layouts.wrap(format == Convolution3D.DataFormat.NDHWC, inner);
  }

  private static Emitter.Unary toBatch(SpaceToBatchLayer layer) {
    int[] blocks = layer.getBlocks();
    int[][] padding = layer.getPadding();
    return image(
        layer.getFormat(),
        Borders.spaceToBatch(
            blocks[0], blocks[1], padding[0][0], padding[0][1], padding[1][0], padding[1][1]));
  }

  private static Emitter.Unary repeated(RepeatVector layer) {
    return Layouts.restoring(
        layer.getDataFormat() == RNNFormat.NWC, Borders.repeated(layer.getN()));
  }

  /** A layer on each step by itself. */
  private static Emitter distributed(TimeDistributed layer, Weights weights) {
    Emitter inner = of(layer.getUnderlying(), weights);
    boolean last = layer.getRnnDataFormat() == RNNFormat.NWC;
    return (Emitter.Unary)
        (b, x) -> {
          Value steps = Layouts.restored(b, x, !last);
          Shape shape = steps.shape();
          int batch = shape.dim(0);
          Shape rows = Shape.of(batch * shape.dim(1)).concat(shape.axes(2, shape.rank()));
          Value y = inner.emit(b, List.of(b.reshape(steps, rows)));
          Shape rest = y.shape().axes(1, y.shape().rank());
          Value split = b.reshape(y, Shape.of(batch, shape.dim(1)).concat(rest));
          return Layouts.channelsSecond(b, split, !last);
        };
  }

  private static Emitter.Unary scaled(ElementWiseMultiplicationLayer layer, Weights weights) {
    Tensor factor = weights.vector("W");
    Tensor bias = weights.vector("b");
    return activated((b, x) -> b.add(b.mul(x, b.constant(factor)), b.constant(bias)), layer);
  }

  /** The mean of p(z|x). */
  private static Emitter encoded(VariationalAutoencoder layer, Weights weights) {
    Emitter.Unary activation = Activations.of(layer.getActivationFn());
    List<Emitter.Unary> hidden = new ArrayList<>();
    for (int i = 0; i < layer.getEncoderLayerSizes().length; i++) {
      hidden.add(matrix(weights.under("e" + i), true));
    }
    Emitter.Unary mean = matrix(weights.under("pZXMean"), true);
    Emitter.Unary last = Activations.of(layer.getPzxActivationFn());
    return (Emitter.Unary)
        (b, x) -> {
          Value y = x;
          for (Emitter.Unary product : hidden) {
            y = activation.emit(b, product.emit(b, y));
          }
          return last.emit(b, mean.emit(b, y));
        };
  }

  /** a(x V) w, one number for each example. */
  private static Emitter.Unary oneClass(OCNNOutputLayer layer, Weights weights) {
    Tensor v = weights.get("v");
    Tensor w = weights.get("w");
    Tensor column = w.reshape(Shape.of((int) w.size(), 1));
    Emitter.Unary hidden = activated((b, x) -> Products.linear(b, x, v, Optional.empty()), layer);
    return (b, x) -> Products.linear(b, hidden.emit(b, x), column, Optional.empty());
  }

  private static Emitter prelu(PReLULayer layer, Weights weights) {
    Tensor slope = weights.get("W");
    return (Emitter.Unary) (b, x) -> b.apply(new Composite.PRelu(), x, b.constant(slope));
  }
}
