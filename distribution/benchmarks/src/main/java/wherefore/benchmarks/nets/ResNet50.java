package wherefore.benchmarks.nets;

import static wherefore.benchmarks.nets.Layers.convolution;
import static wherefore.benchmarks.nets.Layers.dense;
import static wherefore.benchmarks.nets.Layers.maxPool;
import static wherefore.benchmarks.nets.Layers.named;
import static wherefore.benchmarks.nets.Layers.normalization;
import static wherefore.benchmarks.nets.Layers.relu;

import java.util.List;
import wherefore.benchmarks.nets.Layers.Layer;
import wherefore.graph.Composite;
import wherefore.tensor.Shape;

/**
 * ResNet-50 for images 3 × 224 × 224, with the stride in the 3 × 3 convolutions, as PyTorch's
 * library of models has it. Source: He 2016.
 */
final class ResNet50 {
  private static final int[] BLOCKS = {3, 4, 6, 3};
  private static final int EXPANSION = 4;

  /** The last normalization of a block adds little, so that sums over 16 blocks stay moderate. */
  private static final double RESIDUAL = 0.3;

  private ResNet50() {}

  static Layer network(Weights weights) {
    Layer all =
        named("conv1", normalized(weights, 3, 64, 7, 2, 1).then(relu()))
            .then(named("maxpool", maxPool(3, 2, 1)));
    int channels = 64;
    for (int stage = 0; stage < BLOCKS.length; stage++) {
      int width = 64 << stage;
      for (int i = 0; i < BLOCKS[stage]; i++) {
        int stride = i == 0 && stage > 0 ? 2 : 1;
        String name = "layer%d.%d".formatted(stage + 1, i);
        all = all.then(named(name, bottleneck(weights, channels, width, stride)));
        channels = width * EXPANSION;
      }
    }
    return all.then(named("avgpool", mean(channels))).then(named("fc", dense(weights, 2048, 1000)));
  }

  private static Layer normalized(
      Weights weights, int in, int out, int kernel, int stride, double scale) {
    return convolution(weights, in, out, kernel, stride).then(normalization(weights, out, scale));
  }

  private static Layer bottleneck(Weights weights, int in, int width, int stride) {
    int out = width * EXPANSION;
    Layer main =
        normalized(weights, in, width, 1, 1, 1)
            .then(relu())
            .then(normalized(weights, width, width, 3, stride, 1))
            .then(relu())
            .then(normalized(weights, width, out, 1, 1, RESIDUAL));
    Layer shortcut =
        in == out && stride == 1 ? (b, x) -> x : normalized(weights, in, out, 1, stride, 1);
    Layer sum = (b, x) -> b.add(main.apply(b, x), shortcut.apply(b, x));
    return sum.then(relu());
  }

  private static Layer mean(int channels) {
    return (b, x) ->
        b.reshape(
            b.apply(new Composite.ReduceMean(List.of(2, 3)), x),
            Shape.of(x.shape().dim(0), channels));
  }
}
