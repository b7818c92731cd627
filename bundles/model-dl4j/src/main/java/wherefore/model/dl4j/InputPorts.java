package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Port.Axis;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

/**
 * What a network's inputs look like. DL4J does not save their form; it follows from the layers that
 * read them, but for the size of images and the length of sequences.
 */
final class InputPorts {
  /** The name of an open axis of rows. */
  static final String HEIGHT = "height";

  /** The name of an open axis of columns. */
  static final String WIDTH = "width";

  private static final Axis BATCH = Axis.free("batch");
  private static final Axis ROWS = Axis.free(HEIGHT);
  private static final Axis COLUMNS = Axis.free(WIDTH);
  private static final Axis STEPS = Axis.free("steps");
  private static final Axis CHANNELS = Axis.free("channels");

  private final List<Stage> stages;

  private InputPorts(List<Stage> stages) {
    this.stages = stages;
  }

  /** The ports of all inputs. */
  static List<Port> of(Restored network, ElementType element, String file) throws ModelException {
    InputPorts ports = new InputPorts(network.stages());
    List<Port> result = new ArrayList<>();
    for (String name : network.inputs()) {
      List<Axis> axes =
          ports
              .read(name)
              .orElseThrow(
                  () ->
                      new ModelException(
                          "%s: no layer tells the form of the input %s".formatted(file, name)));
      result.add(new Port(name, element, axes));
    }
    return result;
  }

  /** The axes of a value, as the first stage that tells them reads it. */
  private Optional<List<Axis>> read(String value) {
    return stages.stream()
        .filter(stage -> stage.operands().contains(value))
        .map(this::operand)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<List<Axis>> operand(Stage stage) {
    return switch (stage) {
      case Stage.OfLayer l ->
          l.before()
              .map(form -> formed(form, l.layer()))
              .orElseGet(() -> layer(l.layer(), l.name()));
      case Stage.OfPreProcessor p -> example(p.preProcessor()).map(InputPorts::fixed);
      case Stage.OfVertex v ->
          switch (v.vertex()) {
            case ElementWiseVertex e -> read(v.name());
            case ScaleVertex s -> read(v.name());
            case ShiftVertex s -> read(v.name());
            case MergeVertex m -> read(v.name()).map(axes -> freed(axes, m.getMergeAxis()));
            default -> Optional.empty();
          };
    };
  }

  private static Optional<List<Axis>> formed(InputPreProcessor form, Layer layer) {
    if (form instanceof RnnToFeedForwardPreProcessor rnn && layer instanceof FeedForwardLayer f) {
      return Optional.of(sequence(f.getNIn(), rnn.getRnnDataFormat() == RNNFormat.NWC));
    }
    return example(form).map(InputPorts::fixed);
  }

  private static Optional<Shape> example(InputPreProcessor form) {
    return switch (form) {
      case FeedForwardToCnnPreProcessor p -> Optional.of(PreProcessors.example(p));
      case CnnToFeedForwardPreProcessor p -> Optional.of(PreProcessors.example(p));
      default -> Optional.empty();
    };
  }

  private Optional<List<Axis>> layer(Layer layer, String name) {
    return switch (layer) {
      case Convolution1DLayer c ->
          Optional.of(sequence(c.getNIn(), c.getRnnDataFormat() == RNNFormat.NWC));
      case RnnOutputLayer r ->
          Optional.of(sequence(r.getNIn(), r.getRnnDataFormat() == RNNFormat.NWC));
      case ConvolutionLayer c ->
          Optional.of(
              image(Axis.fixed((int) c.getNIn()), Convolutions.isNhwc(c.getCnn2dDataFormat())));
      case BatchNormalization n ->
          read(name).or(() -> Optional.of(List.of(BATCH, Axis.fixed((int) n.getNIn()))));
      case DropoutLayer d -> read(name);
      case LossLayer l -> read(name);
      case CnnLossLayer l -> read(name);
      case FeedForwardLayer f -> Optional.of(List.of(BATCH, Axis.fixed((int) f.getNIn())));
      case Subsampling1DLayer s -> Optional.of(List.of(BATCH, CHANNELS, STEPS));
      case SubsamplingLayer s -> resized(name, Convolutions.isNhwc(s.getCnn2dDataFormat()));
      case ZeroPaddingLayer z -> resized(name, Convolutions.isNhwc(z.getDataFormat()));
      case Cropping2D c -> resized(name, Convolutions.isNhwc(c.getDataFormat()));
      case Upsampling2D u -> resized(name, Convolutions.isNhwc(u.getFormat()));
      case GlobalPoolingLayer g -> Optional.of(pooled(g, name));
      default -> read(name);
    };
  }

  /** An image whose channels the next layers tell. */
  private Optional<List<Axis>> resized(String name, boolean nhwc) {
    Axis channels =
        read(name).filter(a -> a.size() == 4).map(a -> a.get(nhwc ? 3 : 1)).orElse(CHANNELS);
    return Optional.of(image(channels, nhwc));
  }

  /** What is pooled over all places; the next layer has as many inputs as there are channels. */
  private List<Axis> pooled(GlobalPoolingLayer layer, String name) {
    Axis channels = read(name).filter(a -> a.size() == 2).map(a -> a.get(1)).orElse(CHANNELS);
    int[] dimensions = layer.getPoolingDimensions();
    if (dimensions == null || dimensions.length != 1) {
      return image(channels, dimensions != null && dimensions[0] == 1);
    }
    return dimensions[0] == 1 ? List.of(BATCH, STEPS, channels) : List.of(BATCH, channels, STEPS);
  }

  private static List<Axis> image(Axis channels, boolean nhwc) {
    return nhwc ? List.of(BATCH, ROWS, COLUMNS, channels) : List.of(BATCH, channels, ROWS, COLUMNS);
  }

  private static List<Axis> sequence(long features, boolean last) {
    Axis axis = Axis.fixed((int) features);
    return last ? List.of(BATCH, STEPS, axis) : List.of(BATCH, axis, STEPS);
  }

  private static List<Axis> fixed(Shape example) {
    List<Axis> axes = new ArrayList<>(List.of(BATCH));
    Arrays.stream(example.dims()).mapToObj(Axis::fixed).forEach(axes::add);
    return axes;
  }

  private static List<Axis> freed(List<Axis> axes, int axis) {
    List<Axis> copy = new ArrayList<>(axes);
    copy.set(axis, Axis.free(""));
    return copy;
  }
}
