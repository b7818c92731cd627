package wherefore.backend.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.Primitive;
import wherefore.graph.TensorType;
import wherefore.graph.Window;
import wherefore.tensor.Shape;

/**
 * Convolution and its adjoint as matrix products of the weights with {@link Patches}. Each sum
 * begins with the bias and runs over channels, then taps, in row-major order.
 */
final class Convolution {
  private Convolution() {}

  static Kernel conv(Primitive.Conv c, TensorType out) {
    return (in, work) -> {
      Shape x = in.get(0).shape();
      Patches patches =
          new Patches(
              IntStream.range(0, c.window().rank())
                  .mapToObj(a -> Sampling.sliding(c.window(), a, x.dim(a + 2)))
                  .toList());
      double[] y = biased(in, out.shape(), patches.columns());
      int depth = in.get(1).size() / Math.max(1, out.shape().dim(1));
      products(
          c.group(), in.get(0), in.get(1).doubles(), depth, patches, y, out.shape().dim(1), work);
      return new Array(out.shape(), y);
    };
  }

  /** The adjoint; outputs that meet the same taps are computed together, a phase at a time. */
  static Kernel convTranspose(Primitive.ConvTranspose c, TensorType out) {
    return (in, work) -> {
      double[] y = new double[out.shape().size()];
      Window w = c.window();
      int[] phase = new int[w.rank()];
      int phases = w.strides().stream().reduce(1, Math::multiplyExact);
      for (int p = 0; p < phases; p++) {
        int rest = p;
        for (int a = w.rank() - 1; a >= 0; a--) {
          phase[a] = rest % w.strides().get(a);
          rest /= w.strides().get(a);
        }
        phase(c, in, out.shape(), phase, y, work);
      }
      return new Array(out.shape(), y);
    };
  }

  private static void phase(
      Primitive.ConvTranspose c, List<Array> in, Shape out, int[] phase, double[] y, Work work) {
    List<Sampling> axes = new ArrayList<>();
    Shape part = out.axes(0, 2);
    for (int a = 0; a < phase.length; a++) {
      int extent = in.get(0).shape().dim(a + 2);
      Sampling axis = Sampling.transposed(c.window(), a, extent, out.dim(a + 2), phase[a]);
      if (axis.outputs() <= 0) {
        return;
      }
      axes.add(axis);
      part = part.concat(Shape.of(axis.outputs()));
    }
    Patches patches = new Patches(axes);
    double[] z = biased(in, part, patches.columns());
    double[] weights = turned(c, in, out.dim(1), patches);
    int depth = weights.length / Math.max(1, out.dim(1));
    products(c.group(), in.get(0), weights, depth, patches, z, out.dim(1), work);
    Strided.copy(z, View.of(part), y, every(c.window(), phase, part, out), work);
  }

  /** The outputs of a phase among all. */
  private static View every(Window w, int[] phase, Shape part, Shape out) {
    int[] starts = new int[out.rank()];
    int[] steps = new int[out.rank()];
    Arrays.fill(steps, 1);
    for (int a = 0; a < phase.length; a++) {
      starts[a + 2] = phase[a];
      steps[a + 2] = w.strides().get(a);
    }
    return View.of(out).part(starts, steps, part.dims());
  }

  /** Weights [C, M/group, kernel…] as [M, C/group, taps of the phase]. */
  private static double[] turned(
      Primitive.ConvTranspose c, List<Array> in, int channels, Patches patches) {
    double[] w = in.get(1).doubles();
    int inputs = in.get(1).shape().dim(0) / c.group();
    int outputs = channels / c.group();
    int taps = patches.taps();
    int kernel = in.get(1).shape().axes(2, in.get(1).shape().rank()).size();
    double[] turned = new double[channels * inputs * taps];
    for (int i = 0; i < turned.length; i++) {
      int tap = patches.place(i % taps, c.window().kernel());
      int input = i / taps % inputs;
      int output = i / taps / inputs;
      int group = output / outputs;
      turned[i] = w[((group * inputs + input) * outputs + output % outputs) * kernel + tap];
    }
    return turned;
  }

  private static double[] biased(List<Array> in, Shape out, int plane) {
    double[] y = new double[out.size()];
    if (in.size() > 2) {
      double[] bias = in.get(2).doubles();
      for (int i = 0; i < y.length / Math.max(1, plane); i++) {
        Arrays.fill(y, i * plane, (i + 1) * plane, bias[i % bias.length]);
      }
    }
    return y;
  }

  private static void products(
      int groups,
      Array x,
      double[] weights,
      int depth,
      Patches patches,
      double[] y,
      int channels,
      Work work) {
    int rows = channels / groups;
    int inputs = x.shape().dim(1) / groups;
    int taps = patches.taps();
    Product.Batch batch =
        new Product.Batch() {
          @Override
          public Product.Left left(int index) {
            return new Product.Left(weights, index % groups * rows * depth, depth, 1);
          }

          @Override
          public Product.Right right(int index) {
            int start = index * inputs * patches.plane();
            return (k, from, to, row) ->
                patches.copy(
                    x.doubles(), start + k / taps * patches.plane(), k % taps, from, to, row);
          }
        };
    new Product(rows, depth, patches.columns()).run(x.shape().dim(0) * groups, batch, y, work);
  }
}
