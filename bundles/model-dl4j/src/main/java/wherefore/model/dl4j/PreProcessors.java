package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.preprocessor.Cnn3DToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnn3DPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.modelimport.keras.preprocessors.TensorFlowCnnToFeedForwardPreProcessor;
import org.deeplearning4j.preprocessors.KerasFlattenRnnPreprocessor;
import org.deeplearning4j.preprocessors.PermutePreprocessor;
import org.deeplearning4j.preprocessors.ReshapePreprocessor;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/** What DL4J puts between layers of different kinds: the same values in another form. */
final class PreProcessors {
  /** A change of form. */
  @FunctionalInterface
  interface Form {
    /**
     * Appends the nodes.
     *
     * @param batch the number of examples, which sequences of feed-forward activations don't show
     */
    Value emit(GraphBuilder builder, Value operand, int batch);
  }

  private static final Map<Class<?>, Function<InputPreProcessor, Form>> TABLE =
      Map.ofEntries(
          row(CnnToFeedForwardPreProcessor.class, PreProcessors::flatten),
          row(FeedForwardToCnnPreProcessor.class, PreProcessors::unflatten),
          row(
              RnnToFeedForwardPreProcessor.class,
              p -> steps(p.getRnnDataFormat() == RNNFormat.NWC)),
          row(
              FeedForwardToRnnPreProcessor.class,
              p -> sequence(p.getRnnDataFormat() == RNNFormat.NWC)),
          row(CnnToRnnPreProcessor.class, PreProcessors::imagesToSteps),
          row(RnnToCnnPreProcessor.class, PreProcessors::stepsToImages),
          row(Cnn3DToFeedForwardPreProcessor.class, PreProcessors::flatten),
          row(FeedForwardToCnn3DPreProcessor.class, PreProcessors::volumes),
          row(TensorFlowCnnToFeedForwardPreProcessor.class, p -> PreProcessors::channelsLast),
          row(KerasFlattenRnnPreprocessor.class, p -> (b, x, batch) -> flat(b, x)),
          row(PermutePreprocessor.class, PreProcessors::permuted),
          row(ReshapePreprocessor.class, PreProcessors::reshaped),
          row(ComposableInputPreProcessor.class, PreProcessors::chain));

  private PreProcessors() {}

  private static <P extends InputPreProcessor>
      Map.Entry<Class<?>, Function<InputPreProcessor, Form>> row(
          Class<P> type, Function<P, Form> translation) {
    return Map.entry(type, preProcessor -> translation.apply(type.cast(preProcessor)));
  }

  /** The classes that are supported, by their short names. */
  static List<String> known() {
    return TABLE.keySet().stream().map(Class::getSimpleName).sorted().toList();
  }

  /**
   * What a preprocessor does.
   *
   * @throws UnsupportedException if its class is not in the table
   */
  static Form of(InputPreProcessor preProcessor) {
    Function<InputPreProcessor, Form> translation = TABLE.get(preProcessor.getClass());
    if (translation == null) {
      throw new UnsupportedException("preprocessor " + preProcessor.getClass().getSimpleName());
    }
    return translation.apply(preProcessor);
  }

  private static Form chain(ComposableInputPreProcessor preProcessor) {
    List<Form> forms =
        Stream.of(preProcessor.getInputPreProcessors()).map(PreProcessors::of).toList();
    return (b, x, batch) -> {
      Value value = x;
      for (Form form : forms) {
        value = form.emit(b, value, batch);
      }
      return value;
    };
  }

  /** The form of one example of images, as DL4J lays it out. */
  static Shape example(CnnToFeedForwardPreProcessor p) {
    return p.getFormat() == CNN2DFormat.NHWC
        ? Shape.of(p.getInputHeight(), p.getInputWidth(), p.getNumChannels())
        : Shape.of(p.getNumChannels(), p.getInputHeight(), p.getInputWidth());
  }

  /** The form of one example of images. */
  static Shape example(FeedForwardToCnnPreProcessor p) {
    return Shape.of(p.getNumChannels(), p.getInputHeight(), p.getInputWidth());
  }

  /** Row-major, whatever the layout is; a form of zeros stands for any. */
  private static Form flatten(CnnToFeedForwardPreProcessor p) {
    Shape expected = example(p);
    return flatten(expected, p.getFormat() == CNN2DFormat.NHWC ? 1 : 2);
  }

  /** DL4J forgets the layout when it saves: the one is taken that fits. */
  private static Form flatten(Cnn3DToFeedForwardPreProcessor p) {
    Form first = flatten(example(p, true), 3);
    Form last = flatten(example(p, false), 2);
    long channels = p.getNumChannels();
    return (b, x, batch) -> (x.shape().dim(1) == channels ? first : last).emit(b, x, batch);
  }

  /** The form of one example of volumes. */
  static Shape example(Cnn3DToFeedForwardPreProcessor p) {
    return example(p, p.isNCDHW());
  }

  private static Shape example(Cnn3DToFeedForwardPreProcessor p, boolean channelsFirst) {
    Shape places =
        Shape.of((int) p.getInputDepth(), (int) p.getInputHeight(), (int) p.getInputWidth());
    Shape channels = Shape.of((int) p.getNumChannels());
    return channelsFirst ? channels.concat(places) : places.concat(channels);
  }

  private static Form flatten(Shape expected, int columnAxis) {
    return (b, x, batch) -> {
      Shape found = x.shape().axes(1, x.shape().rank());
      if (found.rank() == 1) {
        return x;
      }
      if (expected.size() != 0 && !found.equals(expected)) {
        throw new MisfitException(expected, found, columnAxis);
      }
      return b.reshape(x, Shape.of(x.shape().dim(0), found.size()));
    };
  }

  private static Value flat(GraphBuilder b, Value x) {
    Shape shape = x.shape();
    int features = (int) shape.axes(1, shape.rank()).size();
    return b.reshape(x, Shape.of(shape.dim(0), features));
  }

  /** Row-major as if channels were last. */
  private static Value channelsLast(GraphBuilder b, Value x, int batch) {
    return flat(b, x.shape().rank() == 4 ? Layouts.restored(b, x, true) : x);
  }

  private static Form permuted(PermutePreprocessor p) {
    int[] given = p.getPermutationIndices().clone();
    return (b, x, batch) -> {
      List<Integer> order = new ArrayList<>(Arrays.stream(given).boxed().toList());
      if (order.size() + 1 == x.shape().rank()) {
        order.addFirst(0);
      }
      return b.transpose(x, order);
    };
  }

  private static Form reshaped(ReshapePreprocessor p) {
    int[] target = Arrays.stream(p.getTargetShape()).mapToInt(Math::toIntExact).toArray();
    int first = p.isHasMiniBatchDimension() ? 1 : 0;
    Shape example = Shape.of(Arrays.copyOfRange(target, first, target.length));
    return (b, x, batch) -> b.reshape(x, Shape.of(batch).concat(example));
  }

  /** [T · N, C, H, W] to [N, C · H · W, T], or [N, T, C · H · W]. */
  private static Form imagesToSteps(CnnToRnnPreProcessor p) {
    Form sequence = sequence(p.getRnnDataFormat() == RNNFormat.NWC);
    return (b, x, batch) -> sequence.emit(b, flat(b, x), batch);
  }

  /** [N, C · H · W, T], or [N, T, C · H · W], to [T · N, C, H, W]. */
  private static Form stepsToImages(RnnToCnnPreProcessor p) {
    Form steps = steps(p.getRnnDataFormat() == RNNFormat.NWC);
    Shape image = Shape.of(p.getNumChannels(), p.getInputHeight(), p.getInputWidth());
    return (b, x, batch) -> {
      Value rows = steps.emit(b, x, batch);
      return b.reshape(rows, Shape.of(rows.shape().dim(0)).concat(image));
    };
  }

  private static Form volumes(FeedForwardToCnn3DPreProcessor p) {
    Shape volume = example(p);
    return (b, x, batch) ->
        x.shape().rank() == 5 ? x : b.reshape(x, Shape.of(x.shape().dim(0)).concat(volume));
  }

  /** The form of one example of volumes. */
  static Shape example(FeedForwardToCnn3DPreProcessor p) {
    Shape places = Shape.of(p.getInputDepth(), p.getInputHeight(), p.getInputWidth());
    Shape channels = Shape.of(p.getNumChannels());
    return p.isNCDHW() ? channels.concat(places) : places.concat(channels);
  }

  private static Form unflatten(FeedForwardToCnnPreProcessor p) {
    Shape image = example(p);
    return (b, x, batch) ->
        x.shape().rank() == 4 ? x : b.reshape(x, Shape.of(x.shape().dim(0)).concat(image));
  }

  /** [N, C, T], or [N, T, C], to [T · N, C]. */
  private static Form steps(boolean last) {
    List<Integer> order = last ? List.of(1, 0, 2) : List.of(2, 0, 1);
    return (b, x, batch) -> {
      if (x.shape().rank() == 2) {
        return x;
      }
      Value ordered = b.transpose(x, order);
      Shape shape = ordered.shape();
      return b.reshape(ordered, Shape.of(shape.dim(0) * shape.dim(1), shape.dim(2)));
    };
  }

  /** [T · N, C] to [N, C, T], or [N, T, C]. */
  private static Form sequence(boolean last) {
    List<Integer> order = last ? List.of(1, 0, 2) : List.of(1, 2, 0);
    return (b, x, batch) -> {
      Shape shape = x.shape();
      Value split = b.reshape(x, Shape.of(shape.dim(0) / batch, batch, shape.dim(1)));
      return b.transpose(split, order);
    };
  }
}
