package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CapsuleLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
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
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import wherefore.model.Port.Axis;

/** What the operand of a layer looks like, as far as its settings tell. */
final class LayerForms {
  /** The name of an open axis of layers of a volume. */
  static final String DEPTH_NAME = "depth";

  /** The name of an open axis of rows. */
  static final String HEIGHT = "height";

  /** The name of an open axis of columns. */
  static final String WIDTH = "width";

  /** The examples. */
  static final Axis BATCH = Axis.free("batch");

  /** The steps of a sequence. */
  static final Axis STEPS = Axis.free("steps");

  private static final Axis DEPTH = Axis.free(DEPTH_NAME);
  private static final Axis ROWS = Axis.free(HEIGHT);
  private static final Axis COLUMNS = Axis.free(WIDTH);
  private static final Axis CHANNELS = Axis.free("channels");

  private final Supplier<Optional<List<Axis>>> after;

  private LayerForms(Supplier<Optional<List<Axis>>> after) {
    this.after = after;
  }

  /**
   * The axes of a layer's operand.
   *
   * @param after the axes of what comes out of it, as the next layers tell
   */
  static Optional<List<Axis>> of(Layer layer, Supplier<Optional<List<Axis>>> after) {
    return new LayerForms(after).operand(unwrapped(layer));
  }

  /** True if the layer takes numbers of words. */
  static boolean isLookup(Layer layer) {
    Layer inner = unwrapped(layer);
    return inner instanceof EmbeddingLayer || inner instanceof EmbeddingSequenceLayer;
  }

  private static Layer unwrapped(Layer layer) {
    return switch (layer) {
      case FrozenLayer f -> unwrapped(f.getLayer());
      case FrozenLayerWithBackprop f -> unwrapped(f.getUnderlying());
      case Bidirectional b -> unwrapped(b.getFwd());
      case LastTimeStep l -> unwrapped(l.getUnderlying());
      case MaskZeroLayer m -> unwrapped(m.getUnderlying());
      default -> layer;
    };
  }

  private Optional<List<Axis>> operand(Layer layer) {
    return switch (layer) {
      case BaseRecurrentLayer r -> Optional.of(sequence(r.getNIn(), isNwc(r.getRnnDataFormat())));
      case RnnOutputLayer r -> Optional.of(sequence(r.getNIn(), isNwc(r.getRnnDataFormat())));
      case SelfAttentionLayer s -> Optional.of(sequence(s.getNIn(), false));
      case LearnedSelfAttentionLayer s -> Optional.of(sequence(s.getNIn(), false));
      case RecurrentAttentionLayer r -> Optional.of(sequence(r.getNIn(), false));
      case TimeDistributed t -> distributed(t);
      case EmbeddingLayer e -> Optional.of(List.of(BATCH, Axis.fixed(1)));
      case EmbeddingSequenceLayer e ->
          Optional.of(
              List.of(BATCH, e.isInferInputLength() ? STEPS : Axis.fixed(e.getInputLength())));
      case CapsuleLayer c ->
          Optional.of(
              List.of(BATCH, fixed(c.getInputCapsules()), fixed(c.getInputCapsuleDimensions())));
      case PReLULayer p -> Optional.of(slopes(p));
      case RepeatVector r -> beforeSteps(r);
      case BatchNormalization n ->
          after.get().or(() -> Optional.of(List.of(BATCH, fixed(n.getNIn()))));
      case GlobalPoolingLayer g -> Optional.of(pooled(g));
      case DropoutLayer d -> after.get();
      case LossLayer l -> after.get();
      case CnnLossLayer l -> after.get();
      case LocallyConnected1D l ->
          Optional.of(List.of(BATCH, fixed(l.getNIn()), Axis.fixed(l.getInputSize())));
      case ConvolutionLayer c -> Optional.of(convolved(c));
      case FeedForwardLayer f -> Optional.of(List.of(BATCH, fixed(f.getNIn())));
      default -> spatial(layer);
    };
  }

  private static List<Axis> convolved(ConvolutionLayer layer) {
    return switch (layer) {
      case Convolution1DLayer c -> sequence(c.getNIn(), isNwc(c.getRnnDataFormat()));
      case Convolution3D c -> volume(fixed(c.getNIn()), isLast(c.getDataFormat()));
      case Deconvolution3D c -> volume(fixed(c.getNIn()), isLast(c.getDataFormat()));
      default -> image(fixed(layer.getNIn()), Convolutions.isNhwc(layer.getCnn2dDataFormat()));
    };
  }

  private Optional<List<Axis>> spatial(Layer layer) {
    return switch (layer) {
      case PrimaryCapsules c -> Optional.of(image(fixed(c.getInputChannels()), false));
      case LocallyConnected2D l -> Optional.of(located(l));
      case Subsampling1DLayer s -> Optional.of(steps(Convolutions.isNhwc(s.getCnn2dDataFormat())));
      case ZeroPadding1DLayer z -> Optional.of(steps(false));
      case Cropping1D c -> Optional.of(steps(false));
      case Upsampling1D u -> Optional.of(steps(false));
      case Subsampling3DLayer s -> Optional.of(volume(isLast(s.getDataFormat())));
      case ZeroPadding3DLayer z -> Optional.of(volume(false));
      case Cropping3D c -> Optional.of(volume(false));
      case Upsampling3D u -> Optional.of(volume(isLast(u.getDataFormat())));
      case SubsamplingLayer s -> resized(Convolutions.isNhwc(s.getCnn2dDataFormat()));
      case ZeroPaddingLayer z -> resized(Convolutions.isNhwc(z.getDataFormat()));
      case Cropping2D c -> resized(Convolutions.isNhwc(c.getDataFormat()));
      case Upsampling2D u -> resized(Convolutions.isNhwc(u.getFormat()));
      case SpaceToBatchLayer s -> resized(Convolutions.isNhwc(s.getFormat()));
      case SpaceToDepthLayer s -> Optional.of(blocks(s));
      default -> after.get();
    };
  }

  private static boolean isNwc(RNNFormat format) {
    return format == RNNFormat.NWC;
  }

  private static boolean isLast(Convolution3D.DataFormat format) {
    return format == Convolution3D.DataFormat.NDHWC;
  }

  private static Axis fixed(long extent) {
    return Axis.fixed(Math.toIntExact(extent));
  }

  private Optional<List<Axis>> distributed(TimeDistributed layer) {
    return unwrapped(layer.getUnderlying()) instanceof FeedForwardLayer f
        ? Optional.of(sequence(f.getNIn(), isNwc(layer.getRnnDataFormat())))
        : after.get();
  }

  /** The channels of what comes out, where the next layers tell them. */
  private Axis channels(int rank, boolean last) {
    return after
        .get()
        .filter(axes -> axes.size() == rank)
        .map(axes -> axes.get(last ? rank - 1 : 1))
        .orElse(CHANNELS);
  }

  private Optional<List<Axis>> beforeSteps(RepeatVector layer) {
    if (layer.getNIn() > 0) {
      return Optional.of(List.of(BATCH, fixed(layer.getNIn())));
    }
    return Optional.of(List.of(BATCH, channels(3, isNwc(layer.getDataFormat()))));
  }

  private static List<Axis> slopes(PReLULayer layer) {
    List<Axis> axes = new ArrayList<>(List.of(BATCH));
    for (long extent : layer.getInputShape()) {
      axes.add(fixed(extent));
    }
    if (layer.getSharedAxes() != null) {
      for (long axis : layer.getSharedAxes()) {
        axes.set(Math.toIntExact(axis), axis == 1 ? CHANNELS : axis == 2 ? ROWS : COLUMNS);
      }
    }
    return axes;
  }

  private List<Axis> steps(boolean last) {
    Axis channels = channels(3, last);
    return last ? List.of(BATCH, STEPS, channels) : List.of(BATCH, channels, STEPS);
  }

  private List<Axis> volume(boolean last) {
    return volume(channels(5, last), last);
  }

  private static List<Axis> volume(Axis channels, boolean last) {
    return last
        ? List.of(BATCH, DEPTH, ROWS, COLUMNS, channels)
        : List.of(BATCH, channels, DEPTH, ROWS, COLUMNS);
  }

  /** An image whose channels the next layers tell. */
  private Optional<List<Axis>> resized(boolean nhwc) {
    return Optional.of(image(channels(4, nhwc), nhwc));
  }

  private List<Axis> blocks(SpaceToDepthLayer layer) {
    boolean nhwc = Convolutions.isNhwc(layer.getDataFormat());
    Axis channels = channels(4, nhwc);
    int pixels = layer.getBlockSize() * layer.getBlockSize();
    return image(channels.isFree() ? channels : Axis.fixed(channels.extent() / pixels), nhwc);
  }

  private static List<Axis> located(LocallyConnected2D layer) {
    Axis channels = fixed(layer.getNIn());
    Axis rows = Axis.fixed(layer.getInputSize()[0]);
    Axis columns = Axis.fixed(layer.getInputSize()[1]);
    return Convolutions.isNhwc(layer.getFormat())
        ? List.of(BATCH, rows, columns, channels)
        : List.of(BATCH, channels, rows, columns);
  }

  /** What is pooled over all places; the next layer has as many inputs as there are channels. */
  private List<Axis> pooled(GlobalPoolingLayer layer) {
    Axis channels = channels(2, false);
    int[] dimensions = layer.getPoolingDimensions();
    if (dimensions == null || dimensions.length != 1) {
      return image(channels, dimensions != null && dimensions[0] == 1);
    }
    return dimensions[0] == 1 ? List.of(BATCH, STEPS, channels) : List.of(BATCH, channels, STEPS);
  }

  private static List<Axis> image(Axis channels, boolean nhwc) {
    return nhwc ? List.of(BATCH, ROWS, COLUMNS, channels) : List.of(BATCH, channels, ROWS, COLUMNS);
  }

  /** Sequences, features last if so said. */
  static List<Axis> sequence(long features, boolean last) {
    Axis axis = fixed(features);
    return last ? List.of(BATCH, STEPS, axis) : List.of(BATCH, axis, STEPS);
  }
}
