package wherefore.model.dl4j;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.LocallyConnected1D;
import org.deeplearning4j.nn.conf.layers.LocallyConnected2D;
import org.nd4j.linalg.activations.Activation;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Convolutions with weights of their own at each place; made for one size of the input. */
final class LocallyConnected {
  private LocallyConnected() {}

  /** W [steps, in · kernel, out]. */
  static Emitter.Unary oneD(LocallyConnected1D layer, Weights weights) {
    undilated(layer.getDilation());
    boolean same = layer.getCm() == ConvolutionMode.Same;
    int padding = layer.getPadding();
    Emitter.Unary padded = Borders.padding(padding, same ? layer.getPaddingR() : padding);
    Window window = Window.of(layer.getKernel()).strides(layer.getStride());
    Tensor matrices = weights.get("W");
    Optional<Tensor> bias = layer.isHasBias() ? Optional.of(weights.vector("b")) : Optional.empty();
    Emitter.Unary activation = activation(layer.getActivation());
    int extent = layer.getInputSize();
    return (b, x) -> {
      check(x, List.of(extent));
      Value windows = b.apply(new Primitive.Windows(window), padded.emit(b, x));
      Value y = product(b, b.transpose(windows, List.of(2, 0, 1, 3)), matrices, bias);
      return activation.emit(b, b.transpose(y, List.of(1, 2, 0)));
    };
  }

  /**
   * W [rows · columns, in · kernel, out]. DL4J lists the windows column by column and the results
   * row by row: the same here.
   */
  static Emitter.Unary twoD(LocallyConnected2D layer, Weights weights) {
    undilated(layer.getDilation());
    boolean same = layer.getCm() == ConvolutionMode.Same;
    int[] front = layer.getPadding();
    int[] back = same ? layer.getPaddingBr() : front;
    Emitter.Unary padded = Borders.padding(front[0], back[0], front[1], back[1]);
    int[] kernel = layer.getKernel();
    int[] stride = layer.getStride();
    Window window = Window.of(kernel[0], kernel[1]).strides(stride[0], stride[1]);
    int rows = layer.getOutputSize()[0];
    int columns = layer.getOutputSize()[1];
    Tensor matrices = weights.get("W");
    Optional<Tensor> bias = layer.isHasBias() ? Optional.of(weights.vector("b")) : Optional.empty();
    List<Integer> extents = List.of(layer.getInputSize()[0], layer.getInputSize()[1]);
    Emitter.Unary linear =
        (b, x) -> {
          check(x, extents);
          Value windows = b.apply(new Primitive.Windows(window), padded.emit(b, x));
          Value listed = b.transpose(windows, List.of(3, 2, 0, 1, 4, 5));
          Value y = product(b, listed, matrices, bias);
          Shape split = Shape.of(rows, columns).concat(y.shape().axes(1, 3));
          return b.transpose(b.reshape(y, split), List.of(2, 3, 0, 1));
        };
    Emitter.Unary activation = activation(layer.getActivation());
    Emitter.Unary restored = Layouts.wrap(Convolutions.isNhwc(layer.getFormat()), linear);
    return (b, x) -> activation.emit(b, restored.emit(b, x));
  }

  /** Places [P…, N, F…] · [P, F, M] + [M] = [P, N, M]. */
  private static Value product(
      GraphBuilder b, Value windows, Tensor matrices, Optional<Tensor> bias) {
    int places = matrices.shape().dim(0);
    int features = matrices.shape().dim(1);
    int batch = (int) (windows.shape().size() / ((long) places * features));
    Value rows = b.reshape(windows, Shape.of(places, batch, features));
    Value y = b.matMul(rows, b.constant(matrices));
    return bias.isPresent() ? b.add(y, b.constant(bias.get())) : y;
  }

  private static void check(Value x, List<Integer> extents) {
    for (int i = 0; i < extents.size(); i++) {
      if (x.shape().dim(i + 2) != extents.get(i)) {
        throw new GraphException(
            "made for extents %s, gets %s".formatted(extents, x.shape().axes(2, x.shape().rank())));
      }
    }
  }

  private static void undilated(int... dilation) {
    for (int d : dilation) {
      if (d != 1) {
        throw new UnsupportedException("locally connected with dilation, which DL4J ignores");
      }
    }
  }

  /** What such layers, which DL4J computes by SameDiff, make of an activation's name. */
  static Emitter.Unary activation(Activation activation) {
    return switch (activation) {
      case CUBE, ELU, HARDTANH, IDENTITY, RELU, SIGMOID, SOFTMAX, SOFTPLUS, SOFTSIGN, TANH, GELU ->
          Activations.of(activation.getActivationFunction());
      case LEAKYRELU -> Activations.leaky(0);
      default ->
          throw new UnsupportedException(
              "activation %s, which DL4J has not for layers like this".formatted(activation));
    };
  }
}
