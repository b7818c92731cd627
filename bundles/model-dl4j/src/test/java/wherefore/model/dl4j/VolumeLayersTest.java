package wherefore.model.dl4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Cnn3DLossLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Convolution3D.DataFormat;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling3D;
import org.deeplearning4j.nn.conf.layers.ZeroPadding3DLayer;
import org.deeplearning4j.nn.conf.layers.convolutional.Cropping3D;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Layers over volumes do what DL4J's do. */
final class VolumeLayersTest {
  private static final int CHANNELS = 2;

  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, 6);
  }

  private interface Layers {
    Layer[] in(Compared c, DataFormat format);
  }

  private void check(long seed, Layers layers) throws IOException {
    for (DataFormat format : DataFormat.values()) {
      check(format, seed, layers);
    }
  }

  private void check(DataFormat format, long seed, Layers layers) throws IOException {
    Compared c = new Compared(folder, seed);
    int depth = c.between(3, 5);
    int rows = c.between(3, 5);
    int columns = c.between(3, 5);
    long[] shape =
        format == DataFormat.NCDHW
            ? new long[] {2, CHANNELS, depth, rows, columns}
            : new long[] {2, depth, rows, columns, CHANNELS};
    c.check(
        InputType.convolutional3D(format, depth, rows, columns, CHANNELS),
        shape,
        layers.in(c, format));
  }

  private static int[] three(Compared c, int low, int high) {
    return new int[] {c.between(low, high), c.between(low, high), c.between(low, high)};
  }

  private static ConvolutionMode mode(Compared c) {
    return c.pick(ConvolutionMode.Same, ConvolutionMode.Truncate);
  }

  /** Parameters make DL4J keep the numbers in double precision. */
  private static Layer point(DataFormat format) {
    return new Convolution3D.Builder(1, 1, 1)
        .nOut(CHANNELS)
        .dataFormat(format)
        .activation(Activation.TANH)
        .build();
  }

  private static int[] padding(Compared c, ConvolutionMode mode) {
    return mode == ConvolutionMode.Same ? new int[3] : three(c, 0, 1);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void convolutions(long seed) throws IOException {
    check(
        seed,
        (c, format) -> {
          ConvolutionMode mode = mode(c);
          return new Layer[] {
            new Convolution3D.Builder(three(c, 1, 2))
                .nOut(3)
                .stride(three(c, 1, 2))
                .dilation(three(c, 1, 2))
                .convolutionMode(mode)
                .padding(padding(c, mode))
                .hasBias(c.random().nextBoolean())
                .dataFormat(format)
                .activation(c.pick(Activation.TANH, Activation.IDENTITY))
                .build()
          };
        });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void deconvolutions(long seed) throws IOException {
    check(
        seed,
        (c, format) -> {
          ConvolutionMode mode = mode(c);
          return new Layer[] {
            new Deconvolution3D.Builder()
                .kernelSize(three(c, 1, 3))
                .nOut(3)
                .stride(three(c, 1, 2))
                .convolutionMode(mode)
                .padding(padding(c, mode))
                .hasBias(c.random().nextBoolean())
                .dataFormat(format)
                .activation(c.pick(Activation.TANH, Activation.IDENTITY))
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
            new Subsampling3DLayer.Builder(c.pick(PoolingType.MAX, PoolingType.AVG))
                .kernelSize(three(c, 2, 3))
                .stride(three(c, 1, 2))
                .convolutionMode(mode)
                .padding(padding(c, mode))
                .dataFormat(format)
                .build()
          };
        });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void borders(long seed) throws IOException {
    check(
        DataFormat.NCDHW,
        seed,
        (c, format) ->
            new Layer[] {
              point(format),
              new ZeroPadding3DLayer.Builder(
                      c.between(0, 1),
                      c.between(0, 1),
                      c.between(0, 1),
                      c.between(0, 1),
                      c.between(0, 1),
                      c.between(0, 1))
                  .build(),
              new Cropping3D.Builder(
                      c.between(0, 1),
                      c.between(0, 1),
                      c.between(0, 1),
                      c.between(0, 1),
                      c.between(0, 1),
                      c.between(0, 1))
                  .build(),
              new GlobalPoolingLayer(c.pick(PoolingType.MAX, PoolingType.AVG, PoolingType.SUM))
            });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void upsampling(long seed) throws IOException {
    check(
        seed,
        (c, format) ->
            new Layer[] {
              point(format), new Upsampling3D.Builder(c.between(1, 3)).dataFormat(format).build()
            });
  }

  /** Only with channels last: DL4J flattens no others after upsampling. */
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void flattened(long seed) throws IOException {
    check(
        DataFormat.NDHWC,
        seed,
        (c, format) ->
            new Layer[] {
              point(format),
              new Upsampling3D.Builder(c.between(1, 3)).dataFormat(format).build(),
              new DenseLayer.Builder().nOut(2).activation(Activation.TANH).build()
            });
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void eachPlace(long seed) throws IOException {
    check(
        seed,
        (c, format) ->
            new Layer[] {
              new Convolution3D.Builder(1, 1, 1)
                  .nOut(3)
                  .dataFormat(format)
                  .activation(Activation.TANH)
                  .build(),
              new Cnn3DLossLayer.Builder(format)
                  .lossFunction(LossFunction.L2)
                  .activation(c.pick(Activation.SOFTMAX, Activation.SIGMOID))
                  .build()
            });
  }
}
