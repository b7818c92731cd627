package wherefore.examples.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * A multilayer perceptron that tells malignant (0) from benign (1) breast masses by 30
 * measurements.
 *
 * <p>The measurements are standardized over the training rows, so that 0 means "as the average
 * patient". The normalizer is saved in the model's zip and written out in its card.
 */
final class BreastCancer {
  private static final long SEED = 20260102;
  private static final int EPOCHS = 60;
  private static final int BATCH = 32;
  private static final List<String> LABELS = List.of("malignant", "benign");

  private final Path folder;
  private final Table table;

  BreastCancer(Path examples) throws IOException {
    folder = Files.createDirectories(examples.resolve("breast-cancer"));
    table = Table.read(examples.resolve("data/breast-cancer.csv"), "benign");
  }

  void train() throws IOException {
    Table.Split split = table.split(SEED);
    NormalizerStandardize normalizer = new NormalizerStandardize();
    normalizer.fit(new DataSet(raw(split.training()), Training.oneHot(split.training(), 2)));
    MultiLayerNetwork network = new MultiLayerNetwork(configuration(table.features().size()));
    network.init();
    INDArray labels = Training.oneHot(split.training(), 2);
    Training.fit(network, inputs(split.training(), normalizer), labels, EPOCHS, BATCH, SEED);
    double accuracy =
        Training.accuracy(network, inputs(split.heldOut(), normalizer), split.heldOut());
    Training.report("breast-cancer", network, split, accuracy);
    writeModel(network, normalizer);
    Files.writeString(folder.resolve("breast-cancer.json"), card(normalizer, accuracy, split));
    writeSamples(network, normalizer, split.heldOut());
  }

  private static MultiLayerConfiguration configuration(int features) {
    return new NeuralNetConfiguration.Builder()
        .seed(SEED)
        .weightInit(WeightInit.XAVIER)
        .updater(new Adam(1e-3))
        .l2(1e-3)
        .list()
        .layer(new DenseLayer.Builder().name("dense1").nOut(32).activation(Activation.TANH).build())
        .layer(new DenseLayer.Builder().name("dense2").nOut(16).activation(Activation.RELU).build())
        .layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .name("output")
                .nOut(2)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.feedForward(features))
        .build();
  }

  private static INDArray raw(Table table) {
    return Nd4j.create(table.rows().stream().map(Table.Row::values).toArray(float[][]::new));
  }

  private static INDArray inputs(Table table, NormalizerStandardize normalizer) {
    INDArray inputs = raw(table);
    normalizer.transform(inputs);
    return inputs;
  }

  private void writeModel(MultiLayerNetwork network, NormalizerStandardize normalizer)
      throws IOException {
    Path zip = folder.resolve("breast-cancer.zip");
    ModelSerializer.writeModel(network, zip.toFile(), false);
    ModelSerializer.addNormalizerToModel(zip.toFile(), normalizer);
  }

  private void writeSamples(MultiLayerNetwork network, NormalizerStandardize normalizer, Table rows)
      throws IOException {
    for (int label = 0; label < LABELS.size(); label++) {
      int wanted = label;
      Table.Row row =
          rows.best(label, candidate -> probability(network, normalizer, candidate, wanted));
      String name = LABELS.get(label) + ".csv";
      Files.writeString(folder.resolve(name), csv(List.of(row)));
      System.out.printf(
          "  %s: probability %.4f%n", name, probability(network, normalizer, row, label));
    }
    Files.writeString(folder.resolve("held-out.csv"), csv(rows.rows()));
  }

  private static double probability(
      MultiLayerNetwork network, NormalizerStandardize normalizer, Table.Row row, int label) {
    Table one = new Table(List.of(), List.of(row));
    return network.output(inputs(one, normalizer)).getDouble(0, label);
  }

  private String csv(List<Table.Row> rows) {
    String header = String.join(",", table.features());
    return rows.stream()
        .map(row -> numbers(row.values(), ","))
        .collect(Collectors.joining("\n", header + "\n", "\n"));
  }

  private static String numbers(float[] values, String separator) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> Float.toString(values[i]))
        .collect(Collectors.joining(separator));
  }

  private String card(NormalizerStandardize normalizer, double accuracy, Table.Split split) {
    return """
    {
      "card": 1,
      "name": "breast-cancer",
      "description": "Is a breast mass malignant or benign? A multilayer perceptron over 30 \
    measurements; %.2f %% right on %d held-out patients.",
      "source": "Trained by distribution/examples/training with DL4J on Breast Cancer Wisconsin \
    (Diagnostic) (Wolberg et al. 1995), UCI Machine Learning Repository",
      "license": "Apache-2.0 (model), CC BY 4.0 (data)",
      "input": {
        "kind": "table",
        "mean": [%s],
        "std": [%s]
      },
      "features": [%s],
      "labels": [%s],
      "baseline": "zero"
    }
    """
        .formatted(
            100 * accuracy,
            split.heldOut().rows().size(),
            numbers(normalizer.getMean().toFloatVector(), ", "),
            numbers(normalizer.getStd().toFloatVector(), ", "),
            quoted(table.features()),
            quoted(LABELS));
  }

  private static String quoted(List<String> names) {
    return names.stream().map(name -> '"' + name + '"').collect(Collectors.joining(", "));
  }
}
