package wherefore.model.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Deconvolution2D;
import org.deeplearning4j.nn.conf.layers.Deconvolution3D;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** DL4J's transposed convolution layers. */
final class Deconvolutions {
  private Deconvolutions() {}

  /** W [in, out, rows, columns]. */
  static Emitter.Unary twoD(Deconvolution2D layer, Weights weights) {
    Transposed linear = of(layer, weights.get("W"), weights, 2);
    return Convolutions.activated(
        linear::emit, layer.getActivationFn(), Convolutions.isNhwc(layer.getCnn2dDataFormat()));
  }

  /** W [depth, rows, columns, out, in]. */
  static Emitter.Unary threeD(Deconvolution3D layer, Weights weights) {
    Tensor kernels = HostTensors.transpose(weights.get("W"), List.of(4, 3, 0, 1, 2));
    Transposed linear = of(layer, kernels, weights, 3);
    return Convolutions.activated(
        linear::emit,
        layer.getActivationFn(),
        layer.getDataFormat() == Convolution3D.DataFormat.NDHWC);
  }

  private static Transposed of(ConvolutionLayer layer, Tensor kernels, Weights weights, int rank) {
    SlidingKernel kernel =
        SlidingKernel.of(
            rank,
            layer.getKernelSize(),
            layer.getStride(),
            layer.getDilation(),
            layer.getPadding(),
            layer.getConvolutionMode());
    return new Transposed(kernel, kernels, Convolutions.bias(layer, weights));
  }

  /**
   * A transposed convolution with its constants. In the mode Same there are stride · extent
   * outputs: what is too much is cut off, an odd one behind; what lacks is zeros.
   */
  private record Transposed(SlidingKernel kernel, Tensor weights, Optional<Tensor> bias) {
    Value emit(GraphBuilder b, Value x) {
      List<Integer> before = new ArrayList<>();
      List<Integer> after = new ArrayList<>();
      for (int axis = 0; axis < kernel.kernel().size(); axis++) {
        int surplus =
            (kernel.kernel().get(axis) - 1) * kernel.dilation().get(axis)
                + 1
                - kernel.stride().get(axis);
        boolean same = kernel.mode() == SlidingKernel.Mode.SAME;
        before.add(same ? surplus / 2 : kernel.padding().get(axis));
        after.add(same ? surplus - surplus / 2 : kernel.padding().get(axis));
      }
      return biased(b, transposed(b, x, before, after));
    }

    private Value transposed(GraphBuilder b, Value x, List<Integer> before, List<Integer> after) {
      Window window =
          new Window(
              kernel.kernel(),
              kernel.stride(),
              kernel.dilation(),
              before.stream().map(p -> Math.max(p, 0)).toList(),
              after.stream().map(p -> Math.max(p, 0)).toList());
      List<Integer> none = Collections.nCopies(before.size(), 0);
      Value y = b.apply(new Primitive.ConvTranspose(window, none, 1), x, b.constant(weights));
      return b.pad(y, lacking(before), lacking(after), 0);
    }

    private static List<Integer> lacking(List<Integer> cut) {
      List<Integer> result = new ArrayList<>(List.of(0, 0));
      cut.forEach(p -> result.add(Math.max(-p, 0)));
      return result;
    }

    private Value biased(GraphBuilder b, Value y) {
      if (bias.isEmpty()) {
        return y;
      }
      int[] extents = new int[kernel.kernel().size() + 1];
      Arrays.fill(extents, 1);
      extents[0] = (int) bias.get().size();
      return b.add(y, b.constant(bias.get().reshape(Shape.of(extents))));
    }
  }
}
