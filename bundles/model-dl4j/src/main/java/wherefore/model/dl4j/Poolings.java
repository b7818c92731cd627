package wherefore.model.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.jspecify.annotations.Nullable;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
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
      case PNORM -> {
        double power = layer.getPnorm();
        yield (b, x) -> norm(b, x, kernel, power);
      }
      case SUM -> throw impossible(layer.getPoolingType());
    };
  }

  /** (Σ |x|^p)^(1/p) over each window. */
  private static Value norm(GraphBuilder b, Value x, SlidingKernel kernel, double power) {
    Window window = kernel.over(x.shape());
    int taps = window.kernel().stream().reduce(1, Math::multiplyExact);
    Composite.AveragePool mean = new Composite.AveragePool(window, true);
    return Products.root(b, b.mul(b.apply(mean, Products.powers(b, x, power)), taps), power);
  }

  private static UnsupportedException impossible(PoolingType type) {
    return new UnsupportedException("pooling type %s, which DL4J can't run either".formatted(type));
  }

  /** Windows over volumes. */
  static Emitter.Unary threeD(Subsampling3DLayer layer) {
    SlidingKernel kernel =
        SlidingKernel.of(
            3,
            layer.getKernelSize(),
            layer.getStride(),
            layer.getDilation(),
            layer.getPadding(),
            layer.getConvolutionMode());
    Emitter.Unary pool =
        switch (layer.getPoolingType()) {
          case MAX -> (b, x) -> b.apply(new Composite.MaxPool(kernel.over(x.shape())), x);
          case AVG ->
              (b, x) -> b.apply(new Composite.AveragePool(kernel.over(x.shape()), false), x);
          case PNORM, SUM -> throw impossible(layer.getPoolingType());
        };
    return Layouts.wrap(layer.getDataFormat() == Convolution3D.DataFormat.NDHWC, pool);
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

  private static List<Integer> axes(int @Nullable [] dimensions, Shape shape) {
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
      case PNORM -> Products.root(b, b.sum(Products.powers(b, x, power), axes), power);
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
}
