package wherefore.model.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Run;

/**
 * The integral of the gradient along the straight path from zeros to an input is the difference of
 * the outputs: what integrated gradients rest on.
 */
final class GradientsTest {
  private static final int POINTS = 64;

  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 3);
  }

  private static Layer output() {
    return new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void sequences(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    Layer memory = new LSTM.Builder().nOut(3).activation(Activation.TANH).build();
    check(
        c,
        InputType.recurrent(3, 4),
        Shape.of(1, 3, 4),
        new SelfAttentionLayer.Builder().nOut(4).nHeads(2).projectInput(true).build(),
        new LastTimeStep(new Bidirectional(memory)),
        output());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void images(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    check(
        c,
        InputType.convolutional(5, 5, 2),
        Shape.of(1, 2, 5, 5),
        new ConvolutionLayer.Builder(3, 3).nOut(3).activation(Activation.TANH).build(),
        output());
  }

  private static void check(Compared c, InputType type, Shape shape, Layer... layers)
      throws IOException {
    Model model = c.load(c.network(type, layers));
    Tensor x = Ours.tensor(c.values(Arrays.stream(shape.dims()).asLongStream().toArray()));
    String out = model.outputs().getFirst().name();
    Map<String, Tensor> seeds = Map.of(out, Tensor.of(Shape.of(1, 3), 0.0, 1.0, 0.0));
    double integral = 0;
    for (int point = 0; point < POINTS; point++) {
      Tensor at = scaled(x, (point + 0.5) / POINTS);
      Tensor gradient = Run.get(Ours.gradients(model, Map.of("input", at), seeds), "input");
      for (int i = 0; i < x.size(); i++) {
        integral += gradient.get(i) * x.get(i) / POINTS;
      }
    }
    double difference = at(model, x, out) - at(model, scaled(x, 0), out);
    assertEquals(difference, integral, 1e-3);
  }

  private static double at(Model model, Tensor x, String out) {
    return Run.get(Ours.outputs(model, Map.of("input", x)), out).get(1);
  }

  private static Tensor scaled(Tensor x, double factor) {
    double[] values = x.toDoubles().clone();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return Tensor.of(x.shape(), values);
  }
}
