package wherefore.model.dl4j;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Small networks of DL4J in double precision, drawn by a seed, with random parameters. */
final class RandomNetworks {
  static final int CLASSES = 4;

  private static final List<Activation> ACTIVATIONS =
      List.of(
          Activation.RELU,
          Activation.TANH,
          Activation.SIGMOID,
          Activation.ELU,
          Activation.SELU,
          Activation.LEAKYRELU,
          Activation.SOFTPLUS,
          Activation.SOFTSIGN,
          Activation.SWISH,
          Activation.MISH,
          Activation.GELU,
          Activation.CUBE,
          Activation.HARDTANH,
          Activation.HARDSIGMOID,
          Activation.RATIONALTANH,
          Activation.RECTIFIEDTANH,
          Activation.RELU6,
          Activation.THRESHOLDEDRELU,
          Activation.IDENTITY);

  private final Random random;

  RandomNetworks(long seed) {
    random = new Random(seed);
  }

  /** Values for an input, from −1 to 1. */
  INDArray input(long... shape) {
    INDArray array = Nd4j.create(DataType.DOUBLE, shape);
    for (long i = 0; i < array.length(); i++) {
      array.putScalar(i, 2 * random.nextDouble() - 1);
    }
    return array;
  }

  /** One class for each of the examples. */
  INDArray labels(int examples) {
    INDArray labels = Nd4j.zeros(DataType.DOUBLE, examples, CLASSES);
    for (int i = 0; i < examples; i++) {
      labels.putScalar(i, random.nextInt(CLASSES), 1);
    }
    return labels;
  }

  MultiLayerNetwork perceptron(int inputs) {
    NeuralNetConfiguration.ListBuilder list = builder().list();
    for (int i = random.nextInt(3); i >= 0; i--) {
      list.layer(dense());
      if (random.nextInt(4) == 0) {
        list.layer(new ActivationLayer(activation()));
      }
    }
    return network(list.layer(output()), InputType.feedForward(inputs));
  }

  /** Convolutions, pooling and all that works on images. */
  MultiLayerNetwork images(int rows, int columns, int channels, CNN2DFormat format) {
    NeuralNetConfiguration.ListBuilder list = builder().list();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      list.layer(imageLayer(format));
    }
    if (random.nextBoolean()) {
      list.layer(new GlobalPoolingLayer(pick(PoolingType.MAX, PoolingType.AVG, PoolingType.SUM)));
    } else {
      list.layer(dense());
    }
    return network(list.layer(output()), InputType.convolutional(rows, columns, channels, format));
  }

  MultiLayerNetwork images(Layer layer, int rows, int columns, int channels, CNN2DFormat format) {
    NeuralNetConfiguration.ListBuilder list = builder().list().layer(layer);
    return network(list.layer(output()), InputType.convolutional(rows, columns, channels, format));
  }

  MultiLayerNetwork dense(Activation activation, int inputs) {
    DenseLayer layer = new DenseLayer.Builder().nOut(6).activation(activation).build();
    return network(builder().list().layer(layer).layer(output()), InputType.feedForward(inputs));
  }

  MultiLayerNetwork flatImages(int rows, int columns, int channels) {
    NeuralNetConfiguration.ListBuilder list =
        builder().list().layer(convolution(CNN2DFormat.NCHW)).layer(output());
    return network(list, InputType.convolutionalFlat(rows, columns, channels));
  }

  MultiLayerNetwork sequences(int features, int steps, ConvolutionMode mode) {
    NeuralNetConfiguration.ListBuilder list =
        builder()
            .list()
            .layer(
                new Convolution1DLayer.Builder(2 + random.nextInt(2))
                    .nOut(3)
                    .convolutionMode(mode)
                    .dilation(1 + random.nextInt(2))
                    .activation(activation())
                    .build())
            .layer(
                new Subsampling1DLayer.Builder(pick(PoolingType.MAX, PoolingType.AVG))
                    .kernelSize(2)
                    .stride(2)
                    .build())
            .layer(new GlobalPoolingLayer(pick(PoolingType.MAX, PoolingType.AVG)))
            .layer(output());
    return network(list, InputType.recurrent(features, steps, RNNFormat.NCW));
  }

  /** A residual block, a branch by merging, and vertices without weights. */
  ComputationGraph residual(int rows, int columns, int channels, ElementWiseVertex.Op op) {
    ComputationGraphConfiguration.GraphBuilder graph =
        builder()
            .graphBuilder()
            .addInputs("image")
            .addLayer("stem", same(4), "image")
            .addLayer("left", same(4), "stem")
            .addLayer("norm", new BatchNormalization(), "left")
            .addVertex("joined", new ElementWiseVertex(op), "norm", "stem")
            .addVertex("scaled", new ScaleVertex(0.7), "joined")
            .addVertex("shifted", new ShiftVertex(0.2), "scaled")
            .addLayer("branch", same(2), "stem")
            .addVertex("merged", new MergeVertex(), "shifted", "branch")
            .addLayer("pooled", new GlobalPoolingLayer(PoolingType.AVG), "merged")
            .addVertex("subset", new SubsetVertex(1, 4), "pooled")
            .addLayer("out", output(), "subset")
            .setOutputs("out")
            .setInputTypes(InputType.convolutional(rows, columns, channels));
    return network(graph);
  }

  /** Two inputs, two outputs, no batch normalization. */
  ComputationGraph twoInputs(int first, int second) {
    ComputationGraphConfiguration.GraphBuilder graph =
        builder()
            .graphBuilder()
            .addInputs("a", "b")
            .addLayer("da", dense(5), "a")
            .addLayer("db", dense(5), "b")
            .addVertex("max", new ElementWiseVertex(ElementWiseVertex.Op.Max), "da", "db")
            .addLayer("mixed", dense(4), "da", "b")
            .addVertex("all", new MergeVertex(), "max", "mixed")
            .addLayer("out1", output(), "all")
            .addLayer("out2", output(), "mixed")
            .setOutputs("out1", "out2")
            .setInputTypes(InputType.feedForward(first), InputType.feedForward(second));
    return network(graph);
  }

  private Layer imageLayer(CNN2DFormat format) {
    return switch (random.nextInt(9)) {
      case 0, 1 -> convolution(format);
      case 2 -> pooling(format);
      case 3 ->
          new BatchNormalization.Builder()
              .useLogStd(random.nextBoolean())
              .dataFormat(format)
              .build();
      case 4 -> new ZeroPaddingLayer.Builder(1, 0, 2, 1).dataFormat(format).build();
      case 5 -> new Cropping2D.Builder(1, 0, 0, 1).dataFormat(format).build();
      case 6 -> new Upsampling2D.Builder(2).dataFormat(format).build();
      case 7 -> depthwise(format);
      default -> new DropoutLayer(0.5);
    };
  }

  ConvolutionLayer convolution(CNN2DFormat format) {
    ConvolutionMode mode = pick(ConvolutionMode.Same, ConvolutionMode.Truncate);
    int padding = mode == ConvolutionMode.Same ? 0 : random.nextInt(2);
    return new ConvolutionLayer.Builder(1 + random.nextInt(3), 1 + random.nextInt(3))
        .nOut(2 + random.nextInt(3))
        .stride(1 + random.nextInt(2), 1)
        .dilation(1, 1 + random.nextInt(2))
        .padding(padding, padding)
        .convolutionMode(mode)
        .hasBias(random.nextBoolean())
        .dataFormat(format)
        .activation(activation())
        .build();
  }

  private Layer pooling(CNN2DFormat format) {
    ConvolutionMode mode = pick(ConvolutionMode.Same, ConvolutionMode.Truncate);
    int padding = mode == ConvolutionMode.Same ? 0 : random.nextInt(2);
    return new SubsamplingLayer.Builder(pick(PoolingType.MAX, PoolingType.AVG))
        .kernelSize(2 + random.nextInt(2), 2)
        .stride(1 + random.nextInt(2), 1 + random.nextInt(2))
        .padding(padding, padding)
        .convolutionMode(mode)
        .dataFormat(format)
        .avgPoolIncludePadInDivisor(random.nextBoolean())
        .build();
  }

  Layer depthwise(CNN2DFormat format) {
    return new DepthwiseConvolution2D.Builder(2, 3)
        .depthMultiplier(1 + random.nextInt(2))
        .convolutionMode(ConvolutionMode.Same)
        .dataFormat(format)
        .activation(activation())
        .build();
  }

  Layer separable() {
    return new SeparableConvolution2D.Builder(2, 3)
        .nOut(3)
        .depthMultiplier(2)
        .convolutionMode(ConvolutionMode.Same)
        .dataFormat(CNN2DFormat.NCHW)
        .activation(activation())
        .build();
  }

  Layer localResponse() {
    return new LocalResponseNormalization.Builder().n(3).alpha(0.5).beta(0.75).k(2).build();
  }

  private Layer same(int channels) {
    return new ConvolutionLayer.Builder(3, 3)
        .nOut(channels)
        .convolutionMode(ConvolutionMode.Same)
        .activation(activation())
        .build();
  }

  private Layer dense() {
    return new DenseLayer.Builder()
        .nOut(3 + random.nextInt(4))
        .activation(activation())
        .hasBias(random.nextBoolean())
        .build();
  }

  private Layer dense(int out) {
    return new DenseLayer.Builder().nOut(out).activation(activation()).build();
  }

  private static Layer output() {
    return new OutputLayer.Builder(LossFunction.MCXENT)
        .nOut(CLASSES)
        .activation(Activation.SOFTMAX)
        .build();
  }

  /** Not the leaky ReLU, in whose derivative DL4J rounds the slope to single precision. */
  private Activation activation() {
    Activation drawn = ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size()));
    return drawn == Activation.LEAKYRELU ? Activation.RELU : drawn;
  }

  static List<Activation> activations() {
    return ACTIVATIONS;
  }

  @SafeVarargs
  private <T> T pick(T... values) {
    return values[random.nextInt(values.length)];
  }

  private static NeuralNetConfiguration.Builder builder() {
    return new NeuralNetConfiguration.Builder().seed(1).dataType(DataType.DOUBLE);
  }

  private MultiLayerNetwork network(NeuralNetConfiguration.ListBuilder list, InputType type) {
    MultiLayerNetwork network = new MultiLayerNetwork(list.setInputType(type).build());
    network.init();
    randomize(network.paramTable());
    return network;
  }

  private ComputationGraph network(ComputationGraphConfiguration.GraphBuilder graph) {
    ComputationGraph network = new ComputationGraph(graph.build());
    network.init();
    randomize(network.paramTable());
    return network;
  }

  private void randomize(Map<String, INDArray> parameters) {
    parameters.forEach(
        (name, array) -> {
          for (long i = 0; i < array.length(); i++) {
            double value = 0.5 * random.nextGaussian();
            array.putScalar(i, name.endsWith("_var") ? 0.5 + value * value : value);
          }
        });
  }
}
