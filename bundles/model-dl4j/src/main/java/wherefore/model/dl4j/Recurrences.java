package wherefore.model.dl4j;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.nd4j.linalg.activations.IActivation;
import wherefore.graph.Comparison;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** DL4J's recurrent layers, unrolled, and the layers that wrap them. */
final class Recurrences {
  private static final Map<Class<?>, BiFunction<Layer, Weights, Recurrence>> TABLE =
      Map.ofEntries(
          row(LSTM.class, Recurrences::lstm),
          row(GravesLSTM.class, Recurrences::graves),
          row(GravesBidirectionalLSTM.class, Recurrences::gravesBothWays),
          row(SimpleRnn.class, Recurrences::simple),
          row(Bidirectional.class, Recurrences::bidirectional),
          row(LastTimeStep.class, (l, w) -> lastStep(l.getUnderlying(), w)),
          row(MaskZeroLayer.class, (l, w) -> maskZero(l, of(l.getUnderlying(), w))));

  private Recurrences() {}

  private static <L extends Layer> Map.Entry<Class<?>, BiFunction<Layer, Weights, Recurrence>> row(
      Class<L> type, BiFunction<L, Weights, Recurrence> translation) {
    return Map.entry(type, (layer, weights) -> translation.apply(type.cast(layer), weights));
  }

  /** The layer on sequences in DL4J's layout. */
  static Emitter.Unary emitter(Layer layer, Weights weights) {
    Recurrence recurrence = of(layer, weights);
    boolean last = isNwc(layer);
    return (b, x) -> {
      Value y = recurrence.emit(b, Layouts.channelsSecond(b, x, last), Optional.empty());
      return Layouts.restored(b, y, last && y.shape().rank() == 3);
    };
  }

  private static Recurrence of(Layer layer, Weights weights) {
    BiFunction<Layer, Weights, Recurrence> translation = TABLE.get(layer.getClass());
    if (translation == null) {
      throw new UnsupportedException(
          "%s inside a recurrent wrapper".formatted(layer.getClass().getSimpleName()));
    }
    return translation.apply(layer, weights);
  }

  /** True if features come last. */
  static boolean isNwc(Layer layer) {
    return switch (layer) {
      case BaseRecurrentLayer r -> r.getRnnDataFormat() == RNNFormat.NWC;
      case Bidirectional b -> isNwc(b.getFwd());
      case LastTimeStep l -> isNwc(l.getUnderlying());
      case MaskZeroLayer m -> isNwc(m.getUnderlying());
      default -> false;
    };
  }

  private static Recurrence lstm(LSTM layer, Weights weights) {
    Gates gates =
        new Gates(
            Activations.of(layer.getActivationFn()),
            Activations.of(layer.getGateActivationFn()),
            weights.get("RW"),
            Optional.empty());
    return Recurrence.unrolled(projection(weights.get("W"), weights.vector("b")), gates, true);
  }

  private static Recurrence graves(GravesLSTM layer, Weights weights) {
    return peeping(
        layer.getActivationFn(), layer.getGateActivationFn(), weights, "W", "RW", "b", true);
  }

  /** The sum of both directions. */
  private static Recurrence gravesBothWays(GravesBidirectionalLSTM layer, Weights weights) {
    IActivation cell = layer.getActivationFn();
    IActivation gate = layer.getGateActivationFn();
    Recurrence there = peeping(cell, gate, weights, "WF", "RWF", "bF", true);
    Recurrence back = peeping(cell, gate, weights, "WB", "RWB", "bB", false);
    return (b, x, mask) -> b.add(there.emit(b, x, mask), back.emit(b, x, mask));
  }

  private static Recurrence peeping(
      IActivation cell,
      IActivation gate,
      Weights weights,
      String input,
      String recurrent,
      String bias,
      boolean forwards) {
    Tensor all = weights.get(recurrent);
    int width = 4 * all.shape().dim(0);
    Peepholes peepholes =
        new Peepholes(
            HostTensors.column(all, width),
            HostTensors.column(all, width + 1),
            HostTensors.column(all, width + 2));
    Gates gates =
        new Gates(
            Activations.of(cell),
            Activations.of(gate),
            HostTensors.columns(all, 0, width),
            Optional.of(peepholes));
    return Recurrence.unrolled(
        projection(weights.get(input), weights.vector(bias)), gates, forwards);
  }

  private static Emitter.Unary projection(Tensor matrix, Tensor bias) {
    return (b, x) -> Products.linear(b, x, matrix, Optional.of(bias));
  }

  /** What a gate sees of the cell's state, element by element. */
  private record Peepholes(Tensor forget, Tensor output, Tensor input) {}

  /**
   * A memory cell: i = a(z₀), f = σ(z₁ + w_f c), g = σ(z₃ + w_g c), c' = f c + g i, o = σ(z₂ + w_o
   * c'), h' = o a(c'), with z = x W + h R + b. Without peepholes w is 0. Source: Graves 2012.
   */
  private record Gates(
      Emitter.Unary cell, Emitter.Unary gate, Tensor recurrent, Optional<Peepholes> peepholes)
      implements Recurrence.Cell {
    @Override
    public List<Value> step(GraphBuilder b, Value projected, List<Value> state) {
      boolean first = state.isEmpty();
      Value z =
          first
              ? projected
              : b.add(projected, Products.linear(b, state.getFirst(), recurrent, Optional.empty()));
      Value input = cell.emit(b, part(b, z, 0));
      Value modulation = gate.emit(b, peeped(b, z, 3, state, Peepholes::input));
      Value memory = b.mul(modulation, input);
      if (!first) {
        Value forget = gate.emit(b, peeped(b, z, 1, state, Peepholes::forget));
        memory = b.add(b.mul(forget, state.getLast()), memory);
      }
      Value output = gate.emit(b, peeped(b, z, 2, List.of(memory, memory), Peepholes::output));
      return List.of(b.mul(output, cell.emit(b, memory)), memory);
    }

    private Value part(GraphBuilder b, Value z, int index) {
      int width = recurrent.shape().dim(0);
      return b.slice(z, 1, index * width, (index + 1) * width);
    }

    private Value peeped(
        GraphBuilder b, Value z, int index, List<Value> state, Function<Peepholes, Tensor> weight) {
      Value gate = part(b, z, index);
      return state.isEmpty() || peepholes.isEmpty()
          ? gate
          : b.add(gate, b.mul(state.getLast(), b.constant(weight.apply(peepholes.get()))));
    }
  }

  /** a(x W + h R + b). */
  private static Recurrence simple(SimpleRnn layer, Weights weights) {
    if (layer.hasLayerNorm()) {
      throw new UnsupportedException(
          "SimpleRnn with layer normalization, which DL4J can't run either");
    }
    Emitter.Unary activation = Activations.of(layer.getActivationFn());
    Tensor recurrent = weights.get("RW");
    return Recurrence.unrolled(
        projection(weights.get("W"), weights.vector("b")),
        (b, z, state) -> {
          Value sum =
              state.isEmpty()
                  ? z
                  : b.add(z, Products.linear(b, state.getFirst(), recurrent, Optional.empty()));
          return List.of(activation.emit(b, sum));
        },
        true);
  }

  private static Recurrence bidirectional(Bidirectional layer, Weights weights) {
    Recurrence there = of(layer.getFwd(), weights.under("f"));
    Recurrence back = of(layer.getBwd(), weights.under("b")).reversed();
    Bidirectional.Mode mode = layer.getMode();
    return (b, x, mask) -> joined(b, mode, there.emit(b, x, mask), back.emit(b, x, mask));
  }

  private static Value joined(GraphBuilder b, Bidirectional.Mode mode, Value there, Value back) {
    return switch (mode) {
      case ADD -> b.add(there, back);
      case MUL -> b.mul(there, back);
      case AVERAGE -> b.mul(b.add(there, back), 0.5);
      case CONCAT -> b.concat(1, List.of(there, back));
    };
  }

  /** The last step that is not masked, where the layer masks steps itself. */
  private static Recurrence lastStep(Layer layer, Weights weights) {
    if (layer instanceof MaskZeroLayer masking) {
      return maskZero(masking, of(masking.getUnderlying(), weights).lastStep());
    }
    if (layer instanceof Bidirectional both && both.getFwd() instanceof MaskZeroLayer) {
      throw new UnsupportedException("LastTimeStep around Bidirectional around MaskZeroLayer");
    }
    return of(layer, weights).lastStep();
  }

  /** Leaves out the steps at which all features have one value. */
  private static Recurrence maskZero(MaskZeroLayer layer, Recurrence inner) {
    Layer underlying = layer.getUnderlying();
    if (isNwc(underlying) && !(underlying instanceof BaseRecurrentLayer)) {
      throw new UnsupportedException(
          "MaskZeroLayer around %s with features last, of which DL4J masks features, not steps"
              .formatted(underlying.getClass().getSimpleName()));
    }
    double value = layer.getMaskingValue();
    return (b, x, mask) -> inner.emit(b, x, Optional.of(mask(b, x, value)));
  }

  private static Value mask(GraphBuilder b, Value x, double value) {
    Value equal = b.compare(Comparison.EQUAL, x, b.number(value, x));
    Value count = b.sum(b.cast(equal, x.element()), List.of(1));
    Value features = b.number(x.shape().dim(1), x);
    Value some = b.compare(Comparison.LESS, count, features);
    Value numbers = b.cast(some, x.element());
    return b.reshape(numbers, Shape.of(x.shape().dim(0), x.shape().dim(2)));
  }
}
