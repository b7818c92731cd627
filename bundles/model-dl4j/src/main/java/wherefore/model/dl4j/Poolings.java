package wherefore.model.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.Shape;

/** DL4J's pooling layers. */
final class Poolings {
  private Poolings() {}

  /** Windows over images. */
  static Emitter.Unary twoD(SubsamplingLayer layer) {
    return Layouts.wrap(
        Convolutions.isNhwc(layer.getCnn2dDataFormat()), pool(layer, kernel(layer, 2)));
  }

  /** Windows over sequences. */
  static Emitter.Unary oneD(Subsampling1DLayer layer) {
    return Layouts.wrap(
        Convolutions.isNhwc(layer.getCnn2dDataFormat()), pool(layer, kernel(layer, 1)));
  }

  private static SlidingKernel kernel(SubsamplingLayer layer, int rank) {
    return SlidingKernel.of(
        rank,
        layer.getKernelSize(),
        layer.getStride(),
        layer.getDilation(),
        layer.getPadding(),
        layer.getConvolutionMode());
  }

  private static Emitter.Unary pool(SubsamplingLayer layer, SlidingKernel kernel) {
    boolean countPadding = layer.isAvgPoolIncludePadInDivisor();
    return switch (layer.getPoolingType()) {
      case MAX -> (b, x) -> b.apply(new Composite.MaxPool(kernel.over(x.shape())), x);
      case AVG ->
          (b, x) -> b.apply(new Composite.AveragePool(kernel.over(x.shape()), countPadding), x);
      case PNORM, SUM -> throw new UnsupportedException("pooling type " + layer.getPoolingType());
    };
  }

  /** One number for each channel. */
  static Emitter.Unary global(GlobalPoolingLayer layer) {
    int[] dimensions = layer.getPoolingDimensions();
    PoolingType type = layer.getPoolingType();
    int power = layer.getPnorm();
    boolean collapse = layer.isCollapseDimensions();
    return (b, x) -> {
      List<Integer> axes = axes(dimensions, x.shape());
      return shaped(b, reduced(b, x, type, power, axes), axes, collapse);
    };
  }

  private static List<Integer> axes(
      int @org.jspecify.annotations.Nullable [] dimensions, Shape shape) {
    return dimensions == null
        ? IntStream.range(2, shape.rank()).boxed().toList()
        : Arrays.stream(dimensions).map(shape::axis).sorted().boxed().toList();
  }

  /** With the axes kept. */
  private static Value reduced(
      GraphBuilder b, Value x, PoolingType type, int power, List<Integer> axes) {
    return switch (type) {
      case MAX -> max(b, x, axes);
      case AVG -> b.apply(new Composite.ReduceMean(axes), x);
      case SUM -> b.sum(x, axes);
      case PNORM -> {
        Value powers = b.binary(BinaryFunction.POW, b.unary(UnaryFunction.ABS, x), power);
        yield b.binary(BinaryFunction.POW, b.sum(powers, axes), 1.0 / power);
      }
    };
  }

  /** A window as large as the operand, where the axes are the spatial ones. */
  private static Value max(GraphBuilder b, Value x, List<Integer> axes) {
    if (axes.equals(IntStream.range(2, x.shape().rank()).boxed().toList())) {
      Window whole = Window.of(axes.stream().map(x.shape()::dim).toArray(Integer[]::new));
      return b.apply(new Composite.MaxPool(whole), x);
    }
    return b.max(x, axes);
  }

  private static Value shaped(GraphBuilder b, Value x, List<Integer> axes, boolean collapse) {
    int[] rest =
        IntStream.range(0, x.shape().rank())
            .filter(a -> !axes.contains(a))
            .map(x.shape()::dim)
            .toArray();
    if (collapse) {
      return b.reshape(x, Shape.of(rest));
    }
    if (rest.length != 2) {
      throw new GraphException("global pooling over axes " + axes + " of " + x.shape());
    }
    int[] ones = new int[axes.size()];
    Arrays.fill(ones, 1);
    return b.reshape(x, Shape.of(rest).concat(Shape.of(ones)));
  }

  /** Zeros around an image: top, bottom, left, right. */
  static Emitter.Unary zeroPadding(int[] borders, boolean nhwc) {
    return Layouts.wrap(
        nhwc,
        (b, x) ->
            b.pad(
                x,
                List.of(0, 0, borders[0], borders[2]),
                List.of(0, 0, borders[1], borders[3]),
                0));
  }

  /** An image without its borders: top, bottom, left, right. */
  static Emitter.Unary cropping(int[] borders, boolean nhwc) {
    return Layouts.wrap(
        nhwc,
        (b, x) -> {
          Value rows = b.slice(x, 2, borders[0], x.shape().dim(2) - borders[1]);
          return b.slice(rows, 3, borders[2], x.shape().dim(3) - borders[3]);
        });
  }

  /** Each pixel repeated. */
  static Emitter.Unary upsampling(int[] size, boolean nhwc) {
    return Layouts.wrap(nhwc, (b, x) -> repeated(b, x, size[0], size[size.length - 1]));
  }

  private static Value repeated(GraphBuilder b, Value x, int rows, int columns) {
    Shape s = x.shape();
    Value split = b.reshape(x, Shape.of(s.dim(0), s.dim(1), s.dim(2), 1, s.dim(3), 1));
    Shape wide = Shape.of(s.dim(0), s.dim(1), s.dim(2), rows, s.dim(3), columns);
    Shape merged = Shape.of(s.dim(0), s.dim(1), s.dim(2) * rows, s.dim(3) * columns);
    return b.reshape(b.apply(new Primitive.Expand(wide), split), merged);
  }
}
