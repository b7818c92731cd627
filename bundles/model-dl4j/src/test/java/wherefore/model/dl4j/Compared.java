package wherefore.model.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.tensor.Tensor;
import wherefore.testkit.Run;

/**
 * Layers with random parameters, in double precision, saved by DL4J and loaded: the output is
 * DL4J's, the input's gradient is the one that DL4J hands back and the one that differences of its
 * outputs give.
 */
final class Compared {
  private static final double TOLERANCE = 1e-9;

  /** DL4J picks the last step of masked sequences in single precision. */
  private static final double SINGLE_TOLERANCE = 1e-6;

  private static final double STEP = 1e-5;
  private static final double NUMERICAL_TOLERANCE = 2e-5;

  /** How DL4J's own derivative compares. */
  enum Backward {
    /** It is right. */
    SAME,
    /** It is that of training, or wrong: only differences of outputs are compared. */
    OTHER,
    /** There is none: the input holds numbers of words. */
    NONE
  }

  private final Path folder;
  private final Random random;

  Compared(Path folder, long seed) {
    this.folder = folder;
    this.random = new Random(seed);
  }

  Random random() {
    return random;
  }

  /** An entry from a list. */
  @SafeVarargs
  final <T> T pick(T... values) {
    return values[random.nextInt(values.length)];
  }

  /** From low to high, both included. */
  int between(int low, int high) {
    return low + random.nextInt(high - low + 1);
  }

  INDArray values(long... shape) {
    INDArray array = Nd4j.create(DataType.DOUBLE, shape);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, 2 * random.nextDouble() - 1);
    }
    return array;
  }

  /** Whole numbers below a bound. */
  INDArray words(int bound, long... shape) {
    INDArray array = Nd4j.create(DataType.DOUBLE, shape);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, random.nextInt(bound));
    }
    return array;
  }

  void check(InputType type, long[] shape, Layer... layers) throws IOException {
    check(type, values(shape), Backward.SAME, layers);
  }

  void check(InputType type, INDArray input, Backward backward, Layer... layers)
      throws IOException {
    MultiLayerNetwork network = network(type, layers);
    check(network, input, backward);
  }

  void check(MultiLayerNetwork network, INDArray input, Backward backward) throws IOException {
    Model model = load(network);
    Tensor x = Ours.tensor(input).to(model.inputs().getFirst().element());
    String out = model.outputs().getFirst().name();
    INDArray expected = network.output(input.dup());
    Tensor actual = Run.get(Ours.outputs(model, Map.of("input", x)), out);
    close("output", expected, actual);
    if (backward == Backward.NONE) {
      return;
    }
    INDArray arriving = values(expected.shape());
    Map<String, Tensor> seeds = Map.of(out, Ours.tensor(arriving).reshape(actual.shape()));
    Tensor gradient = Run.get(Ours.gradients(model, Map.of("input", x), seeds), "input");
    if (expected.dataType() == DataType.DOUBLE) {
      numerically(network, input, arriving, gradient);
    }
    if (backward == Backward.SAME) {
      close("gradient", backwards(network, input.dup(), arriving), gradient);
    }
  }

  /** A loss Σ (y − label)² hands back any gradient. */
  private static INDArray backwards(MultiLayerNetwork network, INDArray input, INDArray arriving) {
    if (network.getOutputLayer() instanceof IOutputLayer) {
      INDArray labels = network.output(input.dup()).sub(arriving.mul(0.5));
      return network.calculateGradients(input, labels, null, null).getSecond();
    }
    network.setInput(input);
    network.feedForward(true, false);
    return network.backpropGradient(arriving, LayerWorkspaceMgr.noWorkspaces()).getSecond();
  }

  private void numerically(
      MultiLayerNetwork network, INDArray input, INDArray arriving, Tensor gradient) {
    for (int i = 0; i < 2; i++) {
      INDArray direction = values(input.shape()).mul(input.neq(0).castTo(DataType.DOUBLE));
      INDArray ahead = network.output(input.add(direction.mul(STEP))).dup();
      INDArray behind = network.output(input.sub(direction.mul(STEP)));
      double expected = ahead.sub(behind).mul(arriving).sumNumber().doubleValue() / (2 * STEP);
      double actual = weighted(direction, gradient);
      assertEquals(
          expected, actual, NUMERICAL_TOLERANCE * Math.max(1, Math.abs(expected)), "derivative");
    }
  }

  private static double weighted(INDArray direction, Tensor gradient) {
    Tensor d = Ours.tensor(direction);
    double sum = 0;
    for (int i = 0; i < gradient.size(); i++) {
      sum += d.get(i) * gradient.get(i);
    }
    return sum;
  }

  /** A graph with inputs in the order of the arrays, and one output. */
  void check(ComputationGraph network, INDArray... inputs) throws IOException {
    randomize(network.paramTable());
    Model model = load(network);
    Map<String, Tensor> ours = new LinkedHashMap<>();
    for (int i = 0; i < inputs.length; i++) {
      ours.put(model.inputs().get(i).name(), Ours.tensor(inputs[i]));
    }
    String out = model.outputs().getFirst().name();
    INDArray expected = network.outputSingle(inputs);
    close("output", expected, Run.get(Ours.outputs(model, ours), out));
    INDArray arriving = values(expected.shape());
    Map<String, Tensor> seeds = Map.of(out, Ours.tensor(arriving));
    Map<String, Tensor> gradients = Ours.gradients(model, ours, seeds);
    for (int i = 0; i < inputs.length; i++) {
      int changed = i;
      Tensor gradient = Run.get(gradients, model.inputs().get(i).name());
      INDArray direction = values(inputs[i].shape());
      double ahead = at(network, inputs, changed, direction.mul(STEP), arriving);
      double behind = at(network, inputs, changed, direction.mul(-STEP), arriving);
      double wanted = (ahead - behind) / (2 * STEP);
      assertEquals(
          wanted,
          weighted(direction, gradient),
          NUMERICAL_TOLERANCE * Math.max(1, Math.abs(wanted)),
          model.inputs().get(i).name());
    }
  }

  private static double at(
      ComputationGraph network, INDArray[] inputs, int changed, INDArray by, INDArray arriving) {
    INDArray[] moved = inputs.clone();
    moved[changed] = inputs[changed].add(by);
    return network.outputSingle(moved).mul(arriving).sumNumber().doubleValue();
  }

  static ComputationGraphConfiguration.GraphBuilder graph() {
    return new NeuralNetConfiguration.Builder().seed(1).dataType(DataType.DOUBLE).graphBuilder();
  }

  static ComputationGraph built(ComputationGraphConfiguration.GraphBuilder builder) {
    ComputationGraph network = new ComputationGraph(builder.build());
    network.init();
    return network;
  }

  MultiLayerNetwork network(InputType type, Layer... layers) {
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder().seed(1).dataType(DataType.DOUBLE).list();
    for (Layer layer : layers) {
      list.layer(layer);
    }
    MultiLayerConfiguration configuration = list.setInputType(type).build();
    MultiLayerNetwork network = new MultiLayerNetwork(configuration);
    network.init();
    randomize(network.paramTable());
    return network;
  }

  void randomize(Map<String, INDArray> parameters) {
    parameters.forEach(
        (name, array) -> {
          for (long i = 0; i < array.length(); i++) {
            double value = 0.5 * random.nextGaussian();
            array.putScalar(i, name.endsWith("_var") ? 0.5 + value * value : value);
          }
        });
  }

  Model load(org.deeplearning4j.nn.api.Model network) throws IOException {
    Path file = folder.resolve("network.zip");
    ModelSerializer.writeModel(network, file.toFile(), false);
    return new Dl4jLoader().load(file, ModelCard.EMPTY);
  }

  static void close(String what, INDArray expected, Tensor actual) {
    double tolerance = expected.dataType() == DataType.DOUBLE ? TOLERANCE : SINGLE_TOLERANCE;
    Tensor wanted = Ours.tensor(expected);
    if (wanted.shape().rank() == actual.shape().rank()) {
      assertEquals(wanted.shape(), actual.shape(), what);
    }
    assertEquals(wanted.size(), actual.size(), what);
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
