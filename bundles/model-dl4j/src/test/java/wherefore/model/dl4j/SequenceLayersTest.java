package wherefore.model.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingSequenceLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.GravesBidirectionalLSTM;
import org.deeplearning4j.nn.conf.layers.GravesLSTM;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.layers.util.MaskLayer;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers over sequences do what DL4J's do. */
final class SequenceLayersTest {
  private static final int FEATURES = 3;

  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 8);
  }

  private enum Kind {
    LSTM,
    GRAVES,
    GRAVES_BIDIRECTIONAL,
    SIMPLE
  }

  private static FeedForwardLayer recurrent(Kind kind, Compared c, RNNFormat format) {
    int width = c.between(1, 4);
    Activation activation = c.pick(Activation.TANH, Activation.SOFTSIGN, Activation.RELU);
    Activation gate = c.pick(Activation.SIGMOID, Activation.HARDSIGMOID);
    return switch (kind) {
      case LSTM ->
          new LSTM.Builder()
              .nOut(width)
              .activation(activation)
              .gateActivationFunction(gate)
              .dataFormat(format)
              .build();
      case GRAVES ->
          new GravesLSTM.Builder()
              .nOut(width)
              .activation(activation)
              .gateActivationFunction(gate)
              .dataFormat(format)
              .build();
      case GRAVES_BIDIRECTIONAL ->
          new GravesBidirectionalLSTM.Builder()
              .nOut(width)
              .activation(activation)
              .gateActivationFunction(gate)
              .dataFormat(format)
              .build();
      case SIMPLE ->
          new SimpleRnn.Builder().nOut(width + 1).activation(activation).dataFormat(format).build();
    };
  }

  private static InputType type(int steps, RNNFormat format) {
    return InputType.recurrent(FEATURES, steps, format);
  }

  private static long[] shape(int batch, int steps, RNNFormat format) {
    return format == RNNFormat.NCW
        ? new long[] {batch, FEATURES, steps}
        : new long[] {batch, steps, FEATURES};
  }

  private interface Layers {
    Layer[] in(Compared c, RNNFormat format);
  }

  private void checkIn(RNNFormat format, long seed, Layers layers) throws IOException {
    Compared c = new Compared(folder, seed);
    int steps = c.between(1, 5);
    int batch = c.between(1, 3);
    c.check(type(steps, format), shape(batch, steps, format), layers.in(c, format));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void recurrentLayers(long seed) throws IOException {
    for (Kind kind : Kind.values()) {
      for (RNNFormat format : RNNFormat.values()) {
        checkIn(format, seed, (c, f) -> new Layer[] {recurrent(kind, c, f)});
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void bothDirections(long seed) throws IOException {
    for (Bidirectional.Mode mode : Bidirectional.Mode.values()) {
      for (RNNFormat format : RNNFormat.values()) {
        checkIn(
            format,
            seed,
            (c, f) ->
                new Layer[] {
                  new Bidirectional(
                      mode, recurrent(c.pick(Kind.LSTM, Kind.SIMPLE, Kind.GRAVES), c, f))
                });
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void lastSteps(long seed) throws IOException {
    for (RNNFormat format : RNNFormat.values()) {
      checkIn(
          format,
          seed,
          (c, f) ->
              new Layer[] {
                new LastTimeStep(recurrent(c.pick(Kind.values()), c, f)),
                new OutputLayer.Builder(LossFunction.L2)
                    .nOut(3)
                    .activation(Activation.SOFTMAX)
                    .build()
              });
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void lastStepsOfBothDirections(long seed) throws IOException {
    checkIn(
        RNNFormat.NCW,
        seed,
        (c, f) -> new Layer[] {new LastTimeStep(new Bidirectional(recurrent(Kind.LSTM, c, f)))});
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void masks(long seed) throws IOException {
    for (RNNFormat format : RNNFormat.values()) {
      for (Kind kind : Kind.values()) {
        Compared c = new Compared(folder, seed);
        int steps = c.between(2, 6);
        INDArray input = c.values(shape(3, steps, format));
        blank(c, input, format, steps);
        Layer masked =
            new MaskZeroLayer.Builder()
                .setUnderlying(recurrent(kind, c, format))
                .setMaskValue(0.0)
                .build();
        boolean last = format == RNNFormat.NCW && c.random().nextBoolean();
        c.check(
            type(steps, format),
            input,
            Compared.Backward.OTHER,
            last ? new LastTimeStep(masked) : masked);
      }
    }
  }

  /** Some steps, but not all, get zeros. */
  private static void blank(Compared c, INDArray input, RNNFormat format, int steps) {
    for (int example = 0; example < 3; example++) {
      int kept = c.between(0, steps - 1);
      for (int step = 0; step < steps; step++) {
        for (int i = 0; step != kept && c.random().nextBoolean() && i < FEATURES; i++) {
          for (int all = 0; all < FEATURES; all++) {
            input.putScalar(
                format == RNNFormat.NCW
                    ? new int[] {example, all, step}
                    : new int[] {example, step, all},
                0);
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void eachStepByItself(long seed) throws IOException {
    for (RNNFormat format : RNNFormat.values()) {
      checkIn(
          format,
          seed,
          (c, f) ->
              new Layer[] {
                new TimeDistributed(
                    new DenseLayer.Builder()
                        .nOut(4)
                        .hasLayerNorm(c.random().nextBoolean())
                        .activation(c.pick(Activation.TANH, Activation.SOFTMAX))
                        .build(),
                    f),
                new RnnOutputLayer.Builder()
                    .nOut(2)
                    .activation(Activation.SOFTMAX)
                    .lossFunction(LossFunction.L2)
                    .dataFormat(f)
                    .build()
              });
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void heads(long seed) throws IOException {
    for (RNNFormat format : RNNFormat.values()) {
      checkIn(
          format,
          seed,
          (c, f) ->
              new Layer[] {
                recurrent(Kind.LSTM, c, f),
                new MaskLayer(),
                new RnnLossLayer.Builder()
                    .activation(Activation.SOFTMAX)
                    .lossFunction(LossFunction.L2)
                    .dataFormat(f)
                    .build()
              });
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void repeated(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    RNNFormat format = c.pick(RNNFormat.values());
    c.check(
        InputType.feedForward(4),
        new long[] {2, 4},
        new DenseLayer.Builder().nOut(3).activation(Activation.TANH).build(),
        new RepeatVector.Builder().repetitionFactor(c.between(1, 4)).dataFormat(format).build(),
        recurrent(Kind.LSTM, c, format));
  }

  @ParameterizedTest
  @EnumSource(PoolingType.class)
  void pooled(PoolingType type) throws IOException {
    Compared c = new Compared(folder, type.ordinal());
    c.check(
        type(4, RNNFormat.NCW),
        shape(2, 4, RNNFormat.NCW),
        recurrent(Kind.SIMPLE, c, RNNFormat.NCW),
        new GlobalPoolingLayer.Builder(type).pnorm(3).build());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void words(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    int steps = c.between(1, 5);
    RNNFormat format = c.pick(RNNFormat.values());
    c.check(
        InputType.recurrent(7, steps, format),
        c.words(7, 2, steps),
        Compared.Backward.NONE,
        new EmbeddingSequenceLayer.Builder()
            .nIn(7)
            .nOut(4)
            .inferInputLength(c.random().nextBoolean())
            .inputLength(steps)
            .hasBias(c.random().nextBoolean())
            .outputDataFormat(format)
            .activation(c.pick(Activation.IDENTITY, Activation.TANH))
            .build(),
        new LastTimeStep(recurrent(Kind.LSTM, c, format)));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void oneWord(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    c.check(
        InputType.feedForward(7),
        c.words(7, 3, 1),
        Compared.Backward.NONE,
        new EmbeddingLayer.Builder()
            .nIn(7)
            .nOut(4)
            .hasBias(c.random().nextBoolean())
            .activation(c.pick(Activation.IDENTITY, Activation.TANH))
            .build());
  }
}
