package wherefore.model.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.deeplearning4j.nn.conf.layers.PReLULayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding1DLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping1D;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping2D;
import org.deeplearning4j.nn.conf.layers.objdetect.Yolo2OutputLayer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers over images, and their kin over sequences, do what DL4J's do. */
final class ImageLayersTest {
  private static final int CHANNELS = 2;

  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 10);
  }

  private interface Layers {
    Layer[] in(Compared c, CNN2DFormat format);
  }

  private void check(long seed, Layers layers) throws IOException {
    for (CNN2DFormat format : CNN2DFormat.values()) {
      check(format, seed, layers);
    }
  }

  private void check(CNN2DFormat format, long seed, Layers layers) throws IOException {
    check(format, seed, Compared.Backward.SAME, layers);
  }

  private void check(CNN2DFormat format, long seed, Compared.Backward backward, Layers layers)
      throws IOException {
    Compared c = new Compared(folder, seed);
    int rows = c.between(5, 9);
    int columns = c.between(5, 9);
    int batch = c.between(1, 3);
    long[] shape =
        format == CNN2DFormat.NCHW
            ? new long[] {batch, CHANNELS, rows, columns}
            : new long[] {batch, rows, columns, CHANNELS};
    c.check(
        InputType.convolutional(rows, columns, CHANNELS, format),
        c.values(shape),
        backward,
        layers.in(c, format));
  }

  private static ConvolutionMode mode(Compared c) {
    return c.pick(ConvolutionMode.Same, ConvolutionMode.Truncate);
  }

  /** Parameters make DL4J keep the numbers in double precision. */
  private static Layer point(CNN2DFormat format) {
    return new ConvolutionLayer.Builder(1, 1)
        .nOut(CHANNELS)
        .dataFormat(format)
        .activation(Activation.TANH)
        .build();
  }

  private static int[] padding(Compared c, ConvolutionMode mode) {
    return mode == ConvolutionMode.Same
        ? new int[] {0, 0}
        : new int[] {c.between(0, 1), c.between(0, 1)};
  }

  private static Activation activation(Compared c) {
    return c.pick(Activation.TANH, Activation.SOFTMAX, Activation.IDENTITY, Activation.SOFTPLUS);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void convolutions(long seed) throws IOException {
    check(
        seed,
        (c, format) -> {
          ConvolutionMode mode = mode(c);
          return new Layer[] {
            new ConvolutionLayer.Builder(c.between(1, 3), c.between(1, 3))
                .nOut(3)
                .stride(c.between(1, 2), c.between(1, 3))
                .dilation(c.between(1, 2), c.between(1, 2))
                .convolutionMode(mode)
                .padding(padding(c, mode))
                .hasBias(c.random().nextBoolean())
                .dataFormat(format)
                .activation(c.pick(Activation.TANH, Activation.IDENTITY, Activation.SOFTPLUS))
                .build()
          };
        });
  }

  /** Whose derivative DL4J gets wrong after convolutions. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void softmaxOfImages(long seed) throws IOException {
    for (CNN2DFormat format : CNN2DFormat.values()) {
      check(
          format,
          seed,
          Compared.Backward.OTHER,
          (c, f) ->
              new Layer[] {
                new ConvolutionLayer.Builder(2, 2)
                    .nOut(3)
                    .dataFormat(f)
                    .activation(Activation.SOFTMAX)
                    .build()
              });
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void deconvolutions(long seed) throws IOException {
    check(
        seed,
        (c, format) -> {
          ConvolutionMode mode = mode(c);
          return new Layer[] {
            new Deconvolution2D.Builder(c.between(1, 3), c.between(1, 3))
                .nOut(3)
                .stride(c.between(1, 3), c.between(1, 3))
                .dilation(c.between(1, 2), c.between(1, 2))
                .convolutionMode(mode)
                .padding(padding(c, mode))
                .hasBias(c.random().nextBoolean())
                .dataFormat(format)
                .activation(activation(c))
                .build()
          };
        });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void depthwise(long seed) throws IOException {
    check(
        seed,
        (c, format) -> {
          ConvolutionMode mode = mode(c);
          return new Layer[] {
            new DepthwiseConvolution2D.Builder(c.between(1, 3), c.between(1, 3))
                .depthMultiplier(c.between(1, 3))
                .stride(c.between(1, 2), c.between(1, 2))
                .convolutionMode(mode)
                .padding(padding(c, mode))
                .hasBias(c.random().nextBoolean())
                .dataFormat(format)
                .activation(activation(c))
                .build()
          };
        });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void separable(long seed) throws IOException {
    check(
        seed,
        (c, format) -> {
          ConvolutionMode mode = mode(c);
          return new Layer[] {
            new SeparableConvolution2D.Builder(c.between(1, 3), c.between(1, 3))
                .nOut(3)
                .depthMultiplier(c.between(1, 2))
                .stride(c.between(1, 2), c.between(1, 2))
                .convolutionMode(mode)
                .padding(padding(c, mode))
                .hasBias(c.random().nextBoolean())
                .dataFormat(format)
                .activation(activation(c))
                .build()
          };
        });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void pooling(long seed) throws IOException {
    check(
        seed,
        (c, format) -> {
          ConvolutionMode mode = mode(c);
          return new Layer[] {
            point(format),
            new SubsamplingLayer.Builder(
                    c.pick(PoolingType.MAX, PoolingType.AVG, PoolingType.PNORM))
                .kernelSize(c.between(2, 3), c.between(2, 3))
                .stride(c.between(1, 2), c.between(1, 3))
                .pnorm(c.between(1, 3))
                .convolutionMode(mode)
                .padding(padding(c, mode))
                .dataFormat(format)
                .avgPoolIncludePadInDivisor(c.random().nextBoolean())
                .build()
          };
        });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void borders(long seed) throws IOException {
    check(
        seed,
        (c, format) ->
            new Layer[] {
              point(format),
              new ZeroPaddingLayer.Builder(
                      c.between(0, 2), c.between(0, 2), c.between(0, 2), c.between(0, 2))
                  .dataFormat(format)
                  .build(),
              new Cropping2D.Builder(
                      c.between(0, 2), c.between(0, 2), c.between(0, 2), c.between(0, 2))
                  .dataFormat(format)
                  .build(),
              new Upsampling2D.Builder(c.between(1, 3)).dataFormat(format).build()
            });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void blocksToChannels(long seed) throws IOException {
    for (CNN2DFormat format : CNN2DFormat.values()) {
      Compared c = new Compared(folder, seed);
      int size = c.between(1, 3);
      int rows = size * c.between(1, 3);
      int columns = size * c.between(1, 3);
      c.check(
          InputType.convolutional(rows, columns, CHANNELS, format),
          format == CNN2DFormat.NCHW
              ? new long[] {2, CHANNELS, rows, columns}
              : new long[] {2, rows, columns, CHANNELS},
          point(format),
          new SpaceToDepthLayer.Builder(size, format).build());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void locallyConnected(long seed) throws IOException {
    for (CNN2DFormat format : CNN2DFormat.values()) {
      check(format, seed, Compared.Backward.OTHER, ImageLayersTest::located);
    }
  }

  private static Layer[] located(Compared c, CNN2DFormat format) {
    ConvolutionMode mode = mode(c);
    return new Layer[] {
      new LocallyConnected2D.Builder()
          .kernelSize(c.between(1, 3), c.between(1, 3))
          .nOut(3)
          .stride(c.between(1, 2), c.between(1, 2))
          .convolutionMode(mode)
          .padding(padding(c, mode))
          .hasBias(c.random().nextBoolean())
          .dataFormat(format)
          .activation(c.pick(Activation.TANH, Activation.SOFTMAX, Activation.GELU))
          .build()
    };
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void normalizations(long seed) throws IOException {
    for (CNN2DFormat format : CNN2DFormat.values()) {
      Compared c = new Compared(folder, seed);
      c.check(
          InputType.convolutional(4, 5, CHANNELS, format),
          c.values(
              format == CNN2DFormat.NCHW
                  ? new long[] {2, CHANNELS, 4, 5}
                  : new long[] {2, 4, 5, CHANNELS}),
          Compared.Backward.OTHER,
          point(format),
          new BatchNormalization.Builder()
              .useLogStd(c.random().nextBoolean())
              .dataFormat(format)
              .build());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void slopes(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    PReLULayer.Builder layer = new PReLULayer.Builder().inputShape(CHANNELS, 4, 3);
    if (c.random().nextBoolean()) {
      layer.sharedAxes(2, 3);
    }
    c.check(InputType.convolutional(4, 3, CHANNELS), new long[] {2, CHANNELS, 4, 3}, layer.build());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void globalPooling(long seed) throws IOException {
    check(
        seed,
        (c, format) ->
            new Layer[] {
              new ConvolutionLayer.Builder(2, 2)
                  .nOut(3)
                  .dataFormat(format)
                  .activation(Activation.TANH)
                  .build(),
              new GlobalPoolingLayer.Builder(c.pick(PoolingType.values()))
                  .pnorm(c.between(1, 4))
                  .poolingDimensions(
                      format == CNN2DFormat.NCHW ? new int[] {2, 3} : new int[] {1, 2})
                  .build()
            });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void eachPixel(long seed) throws IOException {
    check(
        seed,
        (c, format) ->
            new Layer[] {
              new ConvolutionLayer.Builder(1, 2)
                  .nOut(3)
                  .dataFormat(format)
                  .activation(Activation.TANH)
                  .build(),
              new CnnLossLayer.Builder(LossFunction.L2)
                  .activation(c.pick(Activation.SOFTMAX, Activation.SIGMOID))
                  .format(format)
                  .build()
            });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void boxes(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    int boxes = c.between(1, 3);
    int classes = c.between(1, 3);
    c.check(
        InputType.convolutional(4, 3, CHANNELS),
        c.values(2, CHANNELS, 4, 3),
        Compared.Backward.OTHER,
        new ConvolutionLayer.Builder(1, 1)
            .nOut(boxes * (5 + classes))
            .activation(Activation.IDENTITY)
            .build(),
        new Yolo2OutputLayer.Builder().boundingBoxPriors(Nd4j.rand(boxes, 2).addi(0.5)).build());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void overSteps(long seed) throws IOException {
    for (RNNFormat format : RNNFormat.values()) {
      Compared c = new Compared(folder, seed);
      ConvolutionMode mode =
          c.pick(ConvolutionMode.Same, ConvolutionMode.Truncate, ConvolutionMode.Causal);
      c.check(
          InputType.recurrent(CHANNELS, 9, format),
          c.values(
              format == RNNFormat.NCW ? new long[] {2, CHANNELS, 9} : new long[] {2, 9, CHANNELS}),
          format == RNNFormat.NCW ? Compared.Backward.SAME : Compared.Backward.OTHER,
          new Convolution1DLayer.Builder()
              .kernelSize(c.between(1, 3))
              .nOut(3)
              .stride(mode == ConvolutionMode.Causal ? 1 : c.between(1, 2))
              .dilation(c.between(1, 2))
              .convolutionMode(mode)
              .padding(mode == ConvolutionMode.Truncate ? c.between(0, 1) : 0)
              .hasBias(c.random().nextBoolean())
              .rnnDataFormat(format)
              .activation(c.pick(Activation.TANH, Activation.IDENTITY))
              .build());
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void bordersOfSequences(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    ConvolutionMode mode = mode(c);
    c.check(
        InputType.recurrent(CHANNELS, 9),
        new long[] {2, CHANNELS, 9},
        new Convolution1DLayer.Builder().kernelSize(1).nOut(2).activation(Activation.TANH).build(),
        new ZeroPadding1DLayer.Builder(c.between(0, 2), c.between(0, 2)).build(),
        new Cropping1D.Builder(c.between(0, 2), c.between(0, 2)).build(),
        new Upsampling1D.Builder(c.between(1, 3)).build(),
        new Subsampling1DLayer.Builder(c.pick(PoolingType.MAX, PoolingType.AVG, PoolingType.PNORM))
            .kernelSize(c.between(1, 3))
            .stride(c.between(1, 2))
            .pnorm(c.between(1, 3))
            .convolutionMode(mode)
            .build());
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void locallyConnectedSteps(long seed) throws IOException {
    Compared c = new Compared(folder, seed);
    ConvolutionMode mode = mode(c);
    c.check(
        InputType.recurrent(CHANNELS, 7),
        c.values(2, CHANNELS, 7),
        Compared.Backward.OTHER,
        new LocallyConnected1D.Builder()
            .kernelSize(c.between(1, 3))
            .nOut(3)
            .stride(c.between(1, 2))
            .convolutionMode(mode)
            .padding(mode == ConvolutionMode.Same ? 0 : c.between(0, 1))
            .hasBias(c.random().nextBoolean())
            .activation(c.pick(Activation.TANH, Activation.SIGMOID))
            .build());
  }
}
