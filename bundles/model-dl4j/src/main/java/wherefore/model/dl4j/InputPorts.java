package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.preprocessor.Cnn3DToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.ComposableInputPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnn3DPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToCnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.preprocessors.PermutePreprocessor;
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
  private final List<Stage> stages;

  private InputPorts(List<Stage> stages) {
    this.stages = stages;
  }

  /** The ports of all inputs. */
  static List<Port> of(Restored network, ElementType element, String file) throws ModelException {
    InputPorts ports = new InputPorts(network.stages());
    List<Port> result = new ArrayList<>();
    for (String name : network.inputs()) {
      Optional<List<Axis>> told = Optional.ofNullable(network.forms().get(name));
      List<Axis> axes =
          ports
              .read(name)
              .map(read -> narrowed(read, told))
              .or(() -> told)
              .orElseThrow(
                  () ->
                      new ModelException(
                          "%s: no layer tells the form of the input %s".formatted(file, name)));
      result.add(new Port(name, ports.isLookedUp(name) ? ElementType.INT64 : element, axes));
    }
    return result;
  }

  /** With the extents that the file tells, where the layers leave them open. */
  private static List<Axis> narrowed(List<Axis> read, Optional<List<Axis>> told) {
    if (told.isEmpty() || told.get().size() != read.size()) {
      return read;
    }
    return IntStream.range(0, read.size())
        .mapToObj(i -> i > 0 && read.get(i).isFree() ? told.get().get(i) : read.get(i))
        .toList();
  }

  /** True if layers that look words up read it. */
  private boolean isLookedUp(String value) {
    return stages.stream()
        .filter(stage -> stage.operands().contains(value))
        .anyMatch(
            stage ->
                stage instanceof Stage.OfLayer l
                    && l.before().isEmpty()
                    && LayerForms.isLookup(l.layer()));
  }

  /** The axes of a value, as the first stage that tells them reads it. */
  private Optional<List<Axis>> read(String value) {
    return stages.stream()
        .filter(stage -> stage.operands().contains(value))
        .map(stage -> operand(stage, value))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<List<Axis>> operand(Stage stage, String value) {
    return switch (stage) {
      case Stage.OfLayer l ->
          l.before()
              .map(form -> formed(form, l))
              .orElseGet(() -> LayerForms.of(l.layer(), () -> read(l.name())));
      case Stage.OfPreProcessor p -> example(p.preProcessor(), () -> read(p.name()));
      case Stage.OfVertex v -> vertex(v, v.operands().indexOf(value));
    };
  }

  private Optional<List<Axis>> vertex(Stage.OfVertex stage, int operand) {
    return switch (stage.vertex()) {
      case ElementWiseVertex e -> read(stage.name());
      case ScaleVertex s -> read(stage.name());
      case ShiftVertex s -> read(stage.name());
      case L2NormalizeVertex n -> read(stage.name());
      case StackVertex s -> read(stage.name());
      case UnstackVertex u -> read(stage.name());
      case ReverseTimeSeriesVertex r -> read(stage.name());
      case MergeVertex m -> read(stage.name()).map(axes -> freed(axes, m.getMergeAxis()));
      case SubsetVertex s -> read(stage.name()).map(axes -> freed(axes, 1));
      case LastTimeStepVertex l ->
          read(stage.name()).filter(axes -> axes.size() == 2).map(InputPorts::overSteps);
      case DuplicateToTimeSeriesVertex d ->
          operand > 0
              ? Optional.empty()
              : read(stage.name()).filter(a -> a.size() == 3).map(a -> a.subList(0, 2));
      case AttentionVertex a -> Optional.of(LayerForms.sequence(width(a, operand), false));
      default -> Optional.empty();
    };
  }

  private static List<Axis> overSteps(List<Axis> axes) {
    return List.of(axes.get(0), axes.get(1), LayerForms.STEPS);
  }

  private static long width(AttentionVertex vertex, int operand) {
    return switch (operand) {
      case 0 -> vertex.getNInQueries();
      case 1 -> vertex.getNInKeys();
      default -> vertex.getNInValues();
    };
  }

  private Optional<List<Axis>> formed(InputPreProcessor form, Stage.OfLayer stage) {
    if (form instanceof RnnToFeedForwardPreProcessor rnn
        && stage.layer() instanceof FeedForwardLayer f) {
      return Optional.of(LayerForms.sequence(f.getNIn(), rnn.getRnnDataFormat() == RNNFormat.NWC));
    }
    return example(form, () -> LayerForms.of(stage.layer(), () -> read(stage.name())));
  }

  private static Optional<List<Axis>> example(
      InputPreProcessor form, Supplier<Optional<List<Axis>>> after) {
    return switch (form) {
      case FeedForwardToCnnPreProcessor p -> Optional.of(fixed(PreProcessors.example(p)));
      case FeedForwardToCnn3DPreProcessor p -> Optional.of(fixed(PreProcessors.example(p)));
      case CnnToFeedForwardPreProcessor p -> Optional.of(fixed(PreProcessors.example(p)));
      case Cnn3DToFeedForwardPreProcessor p -> Optional.of(fixed(PreProcessors.example(p)));
      case RnnToCnnPreProcessor p ->
          Optional.of(
              LayerForms.sequence(
                  (long) p.getNumChannels() * p.getInputHeight() * p.getInputWidth(),
                  p.getRnnDataFormat() == RNNFormat.NWC));
      case ComposableInputPreProcessor p -> example(p.getInputPreProcessors()[0], Optional::empty);
      case PermutePreprocessor p ->
          after.get().flatMap(axes -> unpermuted(axes, p.getPermutationIndices()));
      default -> Optional.empty();
    };
  }

  private static Optional<List<Axis>> unpermuted(List<Axis> axes, int[] order) {
    int skipped = axes.size() - order.length;
    if (skipped < 0 || skipped > 1) {
      return Optional.empty();
    }
    List<Axis> result = new ArrayList<>(axes);
    for (int i = 0; i < order.length; i++) {
      result.set(order[i], axes.get(i + skipped));
    }
    return Optional.of(result);
  }

  private static List<Axis> fixed(Shape example) {
    List<Axis> axes = new ArrayList<>(List.of(LayerForms.BATCH));
    Arrays.stream(example.dims()).mapToObj(Axis::fixed).forEach(axes::add);
    return axes;
  }

  private static List<Axis> freed(List<Axis> axes, int axis) {
    List<Axis> copy = new ArrayList<>(axes);
    copy.set(axis < 0 ? axis + axes.size() : axis, Axis.free(""));
    return copy;
  }
}
