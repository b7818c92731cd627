package wherefore.examples.training;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/**
 * A small convolutional network for handwritten digits, 8x8 pixels, 21,610 parameters.
 *
 * <p>It sees what a PNG of the digit would give it: a grey value from 0 to 255, divided by 255. So
 * 0 means "no ink".
 */
final class Digits {
  private static final long SEED = 20260101;
  private static final int SIDE = 8;
  private static final int EPOCHS = 40;
  private static final int BATCH = 32;
  private static final List<String> SAMPLES =
      List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

  private final Path folder;
  private final Table table;

  Digits(Path examples) throws IOException {
    folder = Files.createDirectories(examples.resolve("digits"));
    table = Table.read(examples.resolve("data/digits.csv"), "label");
  }

  void train() throws IOException {
    Table.Split split = table.split(SEED);
    MultiLayerNetwork network = new MultiLayerNetwork(configuration());
    network.init();
    Training.fit(
        network,
        images(split.training()),
        Training.oneHot(split.training(), 10),
        EPOCHS,
        BATCH,
        SEED);
    double accuracy = Training.accuracy(network, images(split.heldOut()), split.heldOut());
    Training.report("digits", network, split, accuracy);
    ModelSerializer.writeModel(network, folder.resolve("digits.zip").toFile(), false);
    Files.writeString(folder.resolve("digits.json"), card(accuracy, split.heldOut().rows().size()));
    writeSamples(network, split.heldOut());
  }

  private static MultiLayerConfiguration configuration() {
    return new NeuralNetConfiguration.Builder()
        .seed(SEED)
        .weightInit(WeightInit.RELU)
        .updater(new Adam(new StepSchedule(ScheduleType.EPOCH, 2e-3, 0.3, 15)))
        .l2(1e-4)
        .convolutionMode(ConvolutionMode.Same)
        .list()
        .layer(convolution("conv1", 16).activation(Activation.IDENTITY).build())
        .layer(new BatchNormalization.Builder().name("norm1").build())
        .layer(new ActivationLayer.Builder().name("relu1").activation(Activation.RELU).build())
        .layer(convolution("conv2", 32).activation(Activation.RELU).build())
        .layer(new SubsamplingLayer.Builder().name("pool").kernelSize(2, 2).stride(2, 2).build())
        .layer(
            new DenseLayer.Builder()
                .name("dense")
                .nOut(32)
                .activation(Activation.RELU)
                .dropOut(0.6)
                .build())
        .layer(
            new OutputLayer.Builder(LossFunction.MCXENT)
                .name("output")
                .nOut(10)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.SOFTMAX)
                .build())
        .setInputType(InputType.convolutional(SIDE, SIDE, 1))
        .build();
  }

  private static ConvolutionLayer.Builder convolution(String name, int channels) {
    return new ConvolutionLayer.Builder(3, 3).name(name).nOut(channels);
  }

  private static INDArray images(Table table) {
    float[][] rows = table.rows().stream().map(Digits::pixels).toArray(float[][]::new);
    return Nd4j.create(rows).reshape(rows.length, 1, SIDE, SIDE);
  }

  private static float[] pixels(Table.Row row) {
    float[] pixels = new float[row.values().length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = grey(row.values()[i]) / 255f;
    }
    return pixels;
  }

  private static int grey(float ink) {
    return Math.round(ink * 255 / 16);
  }

  private void writeSamples(MultiLayerNetwork network, Table heldOut) throws IOException {
    for (int digit = 0; digit < SAMPLES.size(); digit++) {
      int label = digit;
      Table.Row row = heldOut.best(label, candidate -> probability(network, candidate, label));
      String name = SAMPLES.get(digit) + ".png";
      ImageIO.write(image(row), "png", folder.resolve(name).toFile());
      System.out.printf("  %s: probability %.4f%n", name, probability(network, row, label));
    }
  }

  private static double probability(MultiLayerNetwork network, Table.Row row, int label) {
    return network.output(images(new Table(List.of(), List.of(row)))).getDouble(0, label);
  }

  private static BufferedImage image(Table.Row row) {
    BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < row.values().length; i++) {
      image.getRaster().setSample(i % SIDE, i / SIDE, 0, grey(row.values()[i]));
    }
    return image;
  }

  private static String card(double accuracy, int heldOut) {
    return """
    {
      "card": 1,
      "name": "digits",
      "description": "Which handwritten digit is it? A convolutional network for 8x8 grey images; \
    %.2f %% right on %d held-out images.",
      "source": "Trained by distribution/examples/training with DL4J on Optical Recognition of \
    Handwritten Digits (Alpaydin, Kaynak 1998), UCI Machine Learning Repository",
      "license": "Apache-2.0 (model), CC BY 4.0 (data)",
      "input": {
        "kind": "image",
        "width": 8,
        "height": 8,
        "channels": "grey",
        "scale": %s
      },
      "labels": ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
      "baseline": "zero"
    }
    """
        .formatted(100 * accuracy, heldOut, 1.0 / 255);
  }
}
