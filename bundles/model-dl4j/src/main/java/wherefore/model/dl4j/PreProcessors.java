package wherefore.model.dl4j;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
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
          row(ComposableInputPreProcessor.class, PreProcessors::chain));

  private PreProcessors() {}

  private static <P extends InputPreProcessor>
      Map.Entry<Class<?>, Function<InputPreProcessor, Form>> row(
          Class<P> type, Function<P, Form> translation) {
    return Map.entry(type, preProcessor -> translation.apply(type.cast(preProcessor)));
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
    int rowAxis = p.getFormat() == CNN2DFormat.NHWC ? 0 : 1;
    return (b, x, batch) -> {
      Shape found = x.shape().axes(1, x.shape().rank());
      if (found.rank() == 1) {
        return x;
      }
      if (expected.size() != 0 && !found.equals(expected)) {
        throw new MisfitException(expected, found, rowAxis);
      }
      return b.reshape(x, Shape.of(x.shape().dim(0), found.size()));
    };
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
