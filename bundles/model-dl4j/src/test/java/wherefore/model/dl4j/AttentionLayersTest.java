package wherefore.model.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.CapsuleLayer;
import org.deeplearning4j.nn.conf.layers.CapsuleStrengthLayer;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LearnedSelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.PrimaryCapsules;
import org.deeplearning4j.nn.conf.layers.RecurrentAttentionLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.conf.ocnn.OCNNOutputLayer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Attention, capsules and what encodes features do what DL4J's do. */
final class AttentionLayersTest {
  private static final int FEATURES = 4;

  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 6);
  }

  private static InputType sequences(int steps) {
    return InputType.recurrent(FEATURES, steps);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void selfAttention(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    int steps = c.between(1, 5);
    c.check(
        sequences(steps),
        c.values(2, FEATURES, steps),
        Compared.Backward.OTHER,
        new SelfAttentionLayer.Builder()
            .nOut(6)
            .nHeads(c.between(1, 3))
            .projectInput(true)
            .build());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void learnedQueries(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    int steps = c.between(1, 5);
    boolean projected = c.random().nextBoolean();
    c.check(
        sequences(steps),
        c.values(2, FEATURES, steps),
        Compared.Backward.OTHER,
        new LearnedSelfAttentionLayer.Builder()
            .nIn(FEATURES)
            .nOut(projected ? 6 : FEATURES)
            .nHeads(projected ? 2 : 1)
            .nQueries(c.between(1, 3))
            .projectInput(projected)
            .build());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void recurrentAttention(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    int steps = c.between(2, 4);
    boolean projected = c.random().nextBoolean();
    c.check(
        sequences(steps),
        c.values(2, FEATURES, steps),
        Compared.Backward.OTHER,
        new RecurrentAttentionLayer.Builder()
            .nIn(FEATURES)
            .nOut(projected ? 6 : FEATURES)
            .nHeads(projected ? 2 : 1)
            .projectInput(projected)
            .hasBias(c.random().nextBoolean())
            .activation(Activation.TANH)
            .build());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void capsules(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    c.check(
        InputType.convolutional(5, 5, 2),
        c.values(2, 2, 5, 5),
        Compared.Backward.OTHER,
        new PrimaryCapsules.Builder(c.between(2, 3), 2)
            .kernelSize(2, 2)
            .stride(2, c.between(1, 2))
            .hasBias(c.random().nextBoolean())
            .useReLU(c.random().nextBoolean())
            .build(),
        new CapsuleLayer.Builder(3, 4, c.between(1, 3)).hasBias(c.random().nextBoolean()).build(),
        new CapsuleStrengthLayer.Builder().build());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void encoders(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    c.check(
        InputType.feedForward(FEATURES),
        c.values(3, FEATURES),
        Compared.Backward.OTHER,
        new ElementWiseMultiplicationLayer.Builder()
            .nIn(FEATURES)
            .nOut(FEATURES)
            .activation(Activation.SOFTSIGN)
            .build(),
        new AutoEncoder.Builder().nOut(5).activation(Activation.SIGMOID).build(),
        new FrozenLayer(new DenseLayer.Builder().nOut(4).activation(Activation.TANH).build()),
        new FrozenLayerWithBackprop(
            new DenseLayer.Builder().nOut(4).hasLayerNorm(true).hasBias(false).build()));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void variationalEncoder(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    int[] hidden = c.random().nextBoolean() ? new int[] {5} : new int[] {4, 3};
    c.check(
        InputType.feedForward(FEATURES),
        new long[] {3, FEATURES},
        new VariationalAutoencoder.Builder()
            .nOut(2)
            .encoderLayerSizes(hidden)
            .decoderLayerSizes(3)
            .activation(Activation.TANH)
            .pzxActivationFunction(c.pick(Activation.IDENTITY, Activation.TANH))
            .build());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void otherOutputs(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    c.check(
        InputType.feedForward(FEATURES),
        c.values(3, FEATURES),
        Compared.Backward.OTHER,
        new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
            .nOut(3)
            .activation(Activation.SOFTMAX)
            .build());
    c.check(
        InputType.feedForward(FEATURES),
        c.values(3, FEATURES),
        Compared.Backward.OTHER,
        new OCNNOutputLayer.Builder()
            .hiddenLayerSize(5)
            .activation(Activation.SIGMOID)
            .lossFunction(LossFunction.MSE)
            .build());
  }
}
