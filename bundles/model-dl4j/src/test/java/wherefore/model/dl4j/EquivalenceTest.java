package wherefore.model.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import wherefore.model.ModelCard;
import wherefore.tensor.Tensor;
import wherefore.testkit.Run;

/**
 * Networks that DL4J saved give, loaded, DL4J's own outputs and input gradients, in double
 * precision. DL4J differentiates batch normalization as in training only, so where there is one its
 * output is differentiated numerically instead, and for graphs, whose input gradient it does not
 * give.
 */
final class EquivalenceTest {
  private static final double TOLERANCE = 1e-9;
  private static final double STEP = 1e-5;
  private static final double NUMERICAL_TOLERANCE = 1e-5;

  @TempDir Path folder;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void perceptrons(long seed) throws IOException {
    RandomNetworks random = new RandomNetworks(seed);
    MultiLayerNetwork network = random.perceptron(5);
    INDArray input = random.input(3, 5);
    checkOutput(network, input);
    checkGradient(network, input, random.labels(3));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 10, 14})
  void images(long seed) throws IOException {
    RandomNetworks random = new RandomNetworks(seed);
    boolean nhwc = seed % 2 == 0;
    MultiLayerNetwork network = random.images(9, 8, 2, nhwc ? CNN2DFormat.NHWC : CNN2DFormat.NCHW);
    INDArray input = nhwc ? random.input(2, 9, 8, 2) : random.input(2, 2, 9, 8);
    checkOutput(network, input);
    checkNumerically(network, input, random);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void imagesGivenFlat(long seed) throws IOException {
    RandomNetworks random = new RandomNetworks(seed);
    MultiLayerNetwork network = random.flatImages(6, 7, 2);
    INDArray input = random.input(3, 2, 6, 7);
    checkOutput(network, input);
    checkGradient(network, input, random.labels(3));
  }

  @ParameterizedTest
  @MethodSource("activations")
  void everyActivation(Activation activation) throws IOException {
    RandomNetworks random = new RandomNetworks(activation.name().hashCode());
    MultiLayerNetwork network = random.dense(activation, 7);
    INDArray input = random.input(4, 7).muli(3);
    checkOutput(network, input);
    if (activation == Activation.LEAKYRELU) {
      checkNumerically(network, input, random);
    } else {
      checkGradient(network, input, random.labels(4));
    }
  }

  static List<Activation> activations() {
    return RandomNetworks.activations();
  }

  @ParameterizedTest
  @EnumSource(
      value = ConvolutionMode.class,
      names = {"Same", "Truncate", "Causal"})
  void sequences(ConvolutionMode mode) throws IOException {
    RandomNetworks random = new RandomNetworks(mode.name().hashCode());
    MultiLayerNetwork network = random.sequences(3, 11, mode);
    INDArray input = random.input(2, 3, 11);
    checkOutput(network, input);
    checkNumerically(network, input, random);
  }

  @ParameterizedTest
  @ValueSource(strings = {"separable", "depthwise", "localResponse"})
  void otherImageLayers(String kind) throws IOException {
    RandomNetworks random = new RandomNetworks(kind.length());
    Layer layer =
        switch (kind) {
          case "separable" -> random.separable();
          case "depthwise" -> random.depthwise(CNN2DFormat.NCHW);
          default -> random.localResponse();
        };
    MultiLayerNetwork network = random.images(layer, 6, 5, 4, CNN2DFormat.NCHW);
    INDArray input = random.input(2, 4, 6, 5);
    checkOutput(network, input);
    checkNumerically(network, input, random);
  }

  @ParameterizedTest
  @EnumSource(ElementWiseVertex.Op.class)
  void residualGraphs(ElementWiseVertex.Op op) throws IOException {
    RandomNetworks random = new RandomNetworks(op.name().hashCode());
    ComputationGraph network = random.residual(5, 6, 2, op);
    INDArray input = random.input(2, 2, 5, 6);
    wherefore.model.Model loaded = load(network);
    Map<String, Tensor> inputs = Map.of("image", Ours.tensor(input));
    close(
        "output",
        network.outputSingle(input),
        Run.get(Ours.outputs(loaded, inputs), "out"),
        TOLERANCE);
    Tensor seed = Ours.tensor(random.input(2, RandomNetworks.CLASSES));
    Tensor gradient = Run.get(Ours.gradients(loaded, inputs, Map.of("out", seed)), "image");
    numerically(random, input, gradient, x -> weighted(network.outputSingle(x), seed));
  }

  @Test
  void severalInputsAndOutputs() throws IOException {
    RandomNetworks random = new RandomNetworks(7);
    ComputationGraph network = random.twoInputs(3, 6);
    INDArray[] input = {random.input(2, 3), random.input(2, 6)};
    wherefore.model.Model loaded = load(network);
    assertEquals("[a f64[batch,3], b f64[batch,6]]", loaded.inputs().toString());
    assertEquals("[out1 f64[batch,4], out2 f64[batch,4]]", loaded.outputs().toString());
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    inputs.put("a", Ours.tensor(input[0]));
    inputs.put("b", Ours.tensor(input[1]));
    INDArray[] expected = network.output(input);
    Map<String, Tensor> outputs = Ours.outputs(loaded, inputs);
    close("out1", expected[0], Run.get(outputs, "out1"), TOLERANCE);
    close("out2", expected[1], Run.get(outputs, "out2"), TOLERANCE);
    Map<String, Tensor> seeds = new LinkedHashMap<>();
    seeds.put("out1", Ours.tensor(random.input(2, 4)));
    seeds.put("out2", Ours.tensor(random.input(2, 4)));
    Map<String, Tensor> gradients = Ours.gradients(loaded, inputs, seeds);
    numerically(
        random,
        input[0],
        Run.get(gradients, "a"),
        x -> weighted(network.output(x, input[1]), seeds));
    numerically(
        random,
        input[1],
        Run.get(gradients, "b"),
        x -> weighted(network.output(input[0], x), seeds));
  }

  private void checkOutput(MultiLayerNetwork network, INDArray input) throws IOException {
    wherefore.model.Model loaded = load(network);
    String out = loaded.outputs().getFirst().name();
    Tensor ours = Run.get(Ours.outputs(loaded, Map.of("input", Ours.tensor(input))), out);
    close("output", network.output(input), ours, TOLERANCE);
  }

  /** The gradient of the loss that DL4J trains with. */
  private void checkGradient(MultiLayerNetwork network, INDArray input, INDArray labels)
      throws IOException {
    wherefore.model.Model loaded = load(network);
    String out = loaded.outputs().getFirst().name();
    Tensor seed = crossEntropySeed(network.output(input), labels);
    Tensor ours =
        Run.get(
            Ours.gradients(loaded, Map.of("input", Ours.tensor(input)), Map.of(out, seed)),
            "input");
    close(
        "gradient",
        network.calculateGradients(input, labels, null, null).getSecond(),
        ours,
        TOLERANCE);
  }

  private void checkNumerically(MultiLayerNetwork network, INDArray input, RandomNetworks random)
      throws IOException {
    wherefore.model.Model loaded = load(network);
    String out = loaded.outputs().getFirst().name();
    Tensor seed = Ours.tensor(random.input(network.output(input).shape()));
    Tensor gradient =
        Run.get(
            Ours.gradients(loaded, Map.of("input", Ours.tensor(input)), Map.of(out, seed)),
            "input");
    numerically(random, input, gradient, x -> weighted(network.output(x), seed));
  }

  /** ∂/∂p (−Σ y log p) = −y/p. */
  private static Tensor crossEntropySeed(INDArray probabilities, INDArray labels) {
    return Ours.tensor(labels.neg().div(probabilities));
  }

  private static double weighted(INDArray output, Tensor seed) {
    double sum = 0;
    Tensor values = Ours.tensor(output);
    for (int i = 0; i < seed.size(); i++) {
      sum += values.get(i) * seed.get(i);
    }
    return sum;
  }

  private static double weighted(INDArray[] outputs, Map<String, Tensor> seeds) {
    return weighted(outputs[0], Run.get(seeds, "out1"))
        + weighted(outputs[1], Run.get(seeds, "out2"));
  }

  private interface Function {
    double at(INDArray x);
  }

  /** Central differences along three random directions. */
  private static void numerically(
      RandomNetworks random, INDArray input, Tensor gradient, Function function) {
    for (int i = 0; i < 3; i++) {
      INDArray direction = random.input(input.shape());
      double ahead = function.at(input.add(direction.mul(STEP)));
      double behind = function.at(input.sub(direction.mul(STEP)));
      double expected = (ahead - behind) / (2 * STEP);
      double actual = weighted(direction, gradient);
      assertEquals(
          expected, actual, NUMERICAL_TOLERANCE * Math.max(1, Math.abs(expected)), "derivative");
    }
  }

  private wherefore.model.Model load(Model network) throws IOException {
    Path file = folder.resolve("network.zip");
    ModelSerializer.writeModel(network, file.toFile(), false);
    return new Dl4jLoader().load(file, ModelCard.EMPTY);
  }

  private static void close(String what, INDArray expected, Tensor actual, double tolerance) {
    Tensor wanted = Ours.tensor(expected);
    assertEquals(wanted.shape(), actual.shape(), what);
    for (int i = 0; i < wanted.size(); i++) {
      double e = wanted.get(i);
      double a = actual.get(i);
      int place = i;
      assertTrue(
          Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e)),
          () -> "%s, element %d: DL4J %s, ours %s".formatted(what, place, e, a));
    }
  }
}
