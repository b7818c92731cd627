package wherefore.model.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Run;

/** Keras files do, loaded, what the layers' definitions say; these are computed here once more. */
final class KerasLoaderTest {
  private static final double TOLERANCE = 1e-5;

  @TempDir Path folder;

  private final Random random = new Random(7);

  private Tensor values(int... shape) {
    Shape s = Shape.of(shape);
    double[] values = random.doubles(s.size(), -1, 1).map(v -> (float) v).toArray();
    return Tensor.of(s, values);
  }

  private Model load(KerasWriter writer, String configuration) throws IOException {
    Path file = folder.resolve("model.h5");
    writer.write(file, configuration);
    KerasLoader loader = new KerasLoader();
    assertTrue(loader.accepts(file));
    return loader.load(file, ModelCard.EMPTY);
  }

  private static void check(Model model, Map<String, Tensor> inputs, double... expected) {
    Map<String, Tensor> typed = new LinkedHashMap<>();
    model.inputs().forEach(p -> typed.put(p.name(), Run.get(inputs, p.name()).to(p.element())));
    Tensor actual = Run.get(Ours.outputs(model, typed), model.outputs().getFirst().name());
    assertEquals(expected.length, actual.size());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual.get(i), TOLERANCE, "element " + i);
    }
  }

  /** x W + b. */
  private static double[] dense(double[] x, Tensor w, Tensor b) {
    int out = w.shape().dim(1);
    double[] y = new double[out];
    for (int j = 0; j < out; j++) {
      y[j] = b.get(j);
      for (int i = 0; i < x.length; i++) {
        y[j] += x[i] * w.get(i * out + j);
      }
    }
    return y;
  }

  private static double[] each(double[] x, DoubleUnaryOperator f) {
    return Arrays.stream(x).map(f).toArray();
  }

  private static double[] softmax(double[] x) {
    double sum = Arrays.stream(x).map(Math::exp).sum();
    return each(x, v -> Math.exp(v) / sum);
  }

  private static String units(int n, String activation) {
    return "\"units\": %d, \"activation\": \"%s\"".formatted(n, activation);
  }

  @Test
  void sequentialDense() throws IOException {
    Tensor w1 = values(3, 4);
    Tensor b1 = values(4);
    Tensor w2 = values(4, 2);
    Tensor b2 = values(2);
    Model model =
        load(
            new KerasWriter()
                .weights("first", Map.of("kernel", w1, "bias", b1))
                .weights("second", Map.of("kernel", w2, "bias", b2)),
            KerasWriter.sequential(
                KerasWriter.layer(
                    "Dense", "first", "\"batch_input_shape\": [null, 3], " + units(4, "relu")),
                KerasWriter.layer("Dense", "second", units(2, "softmax"))));
    assertEquals("[input f32[batch,3]]", model.inputs().toString());
    assertEquals("[second f32[batch,2]]", model.outputs().toString());
    Tensor x = values(1, 3);
    double[] hidden = each(dense(x.toDoubles(), w1, b1), v -> Math.max(v, 0));
    check(model, Map.of("input", x), softmax(dense(hidden, w2, b2)));
  }

  @Test
  void images() throws IOException {
    Tensor kernel = values(2, 2, 2, 3);
    Tensor bias = values(3);
    Tensor gamma = values(3);
    Tensor beta = values(3);
    Tensor mean = values(3);
    Tensor variance = Tensor.of(Shape.of(3), 0.5, 1.5, 2);
    Tensor w = values(12, 2);
    Tensor b = values(2);
    Map<String, Tensor> norm = new LinkedHashMap<>();
    norm.put("gamma", gamma);
    norm.put("beta", beta);
    norm.put("moving_mean", mean);
    norm.put("moving_variance", variance);
    Model model =
        load(
            new KerasWriter()
                .weights("conv", Map.of("kernel", kernel, "bias", bias))
                .weights("norm", norm)
                .weights("out", Map.of("kernel", w, "bias", b)),
            KerasWriter.sequential(
                KerasWriter.layer(
                    "Conv2D",
                    "conv",
                    "\"batch_input_shape\": [null, 5, 5, 2], \"filters\": 3, \"kernel_size\": [2, 2],"
                        + " \"strides\": [1, 1], \"padding\": \"valid\", \"dilation_rate\": [1, 1],"
                        + " \"data_format\": \"channels_last\", \"activation\": \"linear\""),
                KerasWriter.layer(
                    "BatchNormalization",
                    "norm",
                    "\"axis\": [3], \"momentum\": 0.99, \"epsilon\": 0.001, \"center\": true, \"scale\": true"),
                KerasWriter.layer(
                    "MaxPooling2D",
                    "pool",
                    "\"pool_size\": [2, 2], \"strides\": [2, 2], \"padding\": \"valid\","
                        + " \"data_format\": \"channels_last\""),
                KerasWriter.layer("Flatten", "flat", "\"data_format\": \"channels_last\""),
                KerasWriter.layer("Dense", "out", units(2, "linear"))));
    assertEquals("[input f32[batch,5,5,2]]", model.inputs().toString());
    Tensor x = values(1, 5, 5, 2);
    double[] features = new double[12];
    Arrays.fill(features, Double.NEGATIVE_INFINITY);
    for (int r = 0; r < 4; r++) {
      for (int c = 0; c < 4; c++) {
        for (int m = 0; m < 3; m++) {
          double y = bias.get(m);
          for (int i = 0; i < 8; i++) {
            int row = r + i / 4;
            int column = c + i / 2 % 2;
            y += x.get((row * 5 + column) * 2 + i % 2) * kernel.get(i * 3 + m);
          }
          double n =
              (y - mean.get(m)) / Math.sqrt(variance.get(m) + 0.001) * gamma.get(m) + beta.get(m);
          int place = ((r / 2) * 2 + c / 2) * 3 + m;
          features[place] = Math.max(features[place], n);
        }
      }
    }
    check(model, Map.of("input", x), dense(features, w, b));
  }

  @Test
  void words() throws IOException {
    Tensor table = values(6, 3);
    Tensor kernel = values(3, 8);
    Tensor recurrent = values(2, 8);
    Tensor bias = values(8);
    Tensor w = values(2, 2);
    Tensor b = values(2);
    Map<String, Tensor> memory = new LinkedHashMap<>();
    memory.put("kernel", kernel);
    memory.put("recurrent_kernel", recurrent);
    memory.put("bias", bias);
    Model model =
        load(
            new KerasWriter()
                .weights("words", Map.of("embeddings", table))
                .weights("memory", memory)
                .weights("out", Map.of("kernel", w, "bias", b)),
            KerasWriter.sequential(
                KerasWriter.layer(
                    "Embedding",
                    "words",
                    "\"batch_input_shape\": [null, 4], \"input_dim\": 6, \"output_dim\": 3,"
                        + " \"mask_zero\": false, \"input_length\": 4"),
                KerasWriter.layer(
                    "LSTM",
                    "memory",
                    units(2, "tanh")
                        + ", \"recurrent_activation\": \"sigmoid\", \"return_sequences\": false,"
                        + " \"unit_forget_bias\": true, \"unroll\": false, \"stateful\": false"),
                KerasWriter.layer("Dense", "out", units(2, "softmax"))));
    assertEquals("[input i64[batch,4]]", model.inputs().toString());
    int[] numbers = {3, 0, 5, 1};
    double[] h = new double[2];
    double[] c = new double[2];
    for (int number : numbers) {
      double[] row = new double[3];
      for (int i = 0; i < 3; i++) {
        row[i] = table.get(number * 3 + i);
      }
      double[] z = dense(row, kernel, bias);
      double[] back = dense(h, recurrent, Tensor.full(bias.type(), bias.shape(), 0));
      for (int i = 0; i < 2; i++) {
        double input = sigmoid(z[i] + back[i]);
        double forget = sigmoid(z[2 + i] + back[2 + i]);
        double candidate = Math.tanh(z[4 + i] + back[4 + i]);
        c[i] = forget * c[i] + input * candidate;
      }
      for (int i = 0; i < 2; i++) {
        h[i] = sigmoid(z[6 + i] + back[6 + i]) * Math.tanh(c[i]);
      }
    }
    Tensor x = Tensor.of(Shape.of(1, 4), 3, 0, 5, 1);
    check(model, Map.of("input", x), softmax(dense(h, w, b)));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void branches() throws IOException {
    Tensor wa = values(3, 2);
    Tensor ba = values(2);
    Tensor wb = values(4, 2);
    Tensor bb = values(2);
    Tensor w = values(4, 1);
    Tensor b = values(1);
    String input = "\"batch_input_shape\": [null, %d], \"sparse\": false";
    Model model =
        load(
            new KerasWriter()
                .weights("da", Map.of("kernel", wa, "bias", ba))
                .weights("db", Map.of("kernel", wb, "bias", bb))
                .weights("out", Map.of("kernel", w, "bias", b)),
            KerasWriter.functional(
                List.of("a", "b"),
                "out",
                KerasWriter.node("InputLayer", "a", input.formatted(3)),
                KerasWriter.node("InputLayer", "b", input.formatted(4)),
                KerasWriter.node("Dense", "da", units(2, "tanh"), "a"),
                KerasWriter.node("Dense", "db", units(2, "tanh"), "b"),
                KerasWriter.node("Add", "sum", "", "da", "db"),
                KerasWriter.node("Concatenate", "all", "\"axis\": -1", "sum", "db"),
                KerasWriter.node("Dense", "out", units(1, "sigmoid"), "all")));
    assertEquals("[a f32[batch,3], b f32[batch,4]]", model.inputs().toString());
    Tensor xa = values(1, 3);
    Tensor xb = values(1, 4);
    double[] da = each(dense(xa.toDoubles(), wa, ba), Math::tanh);
    double[] db = each(dense(xb.toDoubles(), wb, bb), Math::tanh);
    double[] all = {da[0] + db[0], da[1] + db[1], db[0], db[1]};
    check(model, Map.of("a", xa, "b", xb), each(dense(all, w, b), KerasLoaderTest::sigmoid));
  }

  @Test
  void somethingElse() throws IOException {
    Path file = Files.writeString(folder.resolve("text.h5"), "no model");
    assertFalse(new KerasLoader().accepts(file));
    assertEquals(
        file
            + " is no HDF5 file; of Keras' formats this is the one that is read:"
            + " model.save(\"name.h5\")",
        refusal(file));
  }

  @Test
  void anUnknownLayer() {
    Path file = folder.resolve("odd.h5");
    new KerasWriter()
        .write(
            file,
            KerasWriter.sequential(
                KerasWriter.layer("Gadget", "odd", "\"batch_input_shape\": [null, 3]")));
    String refusal = refusal(file);
    assertTrue(refusal.startsWith(file + ": DL4J can't import the Keras model: "), refusal);
    assertTrue(refusal.contains("Gadget"), refusal);
  }

  @Test
  void deepJson() {
    Path file = folder.resolve("weights.h5");
    new KerasWriter().write(file, "[".repeat(300) + "]".repeat(300));
    assertEquals(file + ": model_config is nested deeper than 200 levels", refusal(file));
  }

  private static String refusal(Path file) {
    ModelException refusal =
        assertThrows(ModelException.class, () -> new KerasLoader().load(file, ModelCard.EMPTY));
    return String.valueOf(refusal.getMessage());
  }
}
