package wherefore.model.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.graph.AttentionVertex;
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
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import wherefore.model.Model;
import wherefore.tensor.Tensor;
import wherefore.testkit.Run;

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
    boolean projected = c.random().nextBoolean();
    int queries = c.between(1, 3);
    MultiLayerNetwork learned =
        c.network(
            sequences(5),
            new LearnedSelfAttentionLayer.Builder()
                .nIn(FEATURES)
                .nOut(projected ? 6 : FEATURES)
                .nHeads(projected ? 2 : 1)
                .headSize(projected ? 3 : FEATURES)
                .nQueries(queries)
                .projectInput(projected)
                .build());
    INDArray x = c.values(2, FEATURES, 5);
    INDArray expected = asVertex(learned, x, projected, queries);
    Model model = c.load(learned);
    Tensor actual =
        Run.get(
            Ours.outputs(model, Map.of("input", Ours.tensor(x))),
            model.outputs().getFirst().name());
    Compared.close("output", expected, actual);
  }

  /** DL4J can't run the layer: an attention vertex with the same queries as an input can. */
  private static INDArray asVertex(
      MultiLayerNetwork learned, INDArray x, boolean projected, int queries) {
    ComputationGraph graph =
        Compared.built(
            Compared.graph()
                .addInputs("q", "x")
                .addVertex(
                    "out",
                    new AttentionVertex.Builder()
                        .nInQueries(FEATURES)
                        .nInKeys(FEATURES)
                        .nInValues(FEATURES)
                        .nOut(projected ? 6 : FEATURES)
                        .nHeads(projected ? 2 : 1)
                        .headSize(projected ? 3 : 0)
                        .projectInput(projected)
                        .weightInit(WeightInit.XAVIER)
                        .build(),
                    "q",
                    "x",
                    "x")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(FEATURES, queries), sequences(5)));
    Map<String, INDArray> weights = learned.getLayer(0).paramTable();
    graph.getVertex("out").paramTable(false).forEach((n, p) -> p.assign(weights.get(n)));
    INDArray q = weights.get("Q");
    return graph.outputSingle(Nd4j.concat(0, q, q), x);
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
