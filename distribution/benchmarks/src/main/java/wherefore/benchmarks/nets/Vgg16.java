package wherefore.benchmarks.nets;

import static wherefore.benchmarks.nets.Layers.biasedConvolution;
import static wherefore.benchmarks.nets.Layers.dense;
import static wherefore.benchmarks.nets.Layers.maxPool;
import static wherefore.benchmarks.nets.Layers.named;
import static wherefore.benchmarks.nets.Layers.relu;

import java.util.List;
import wherefore.benchmarks.nets.Layers.Layer;
import wherefore.tensor.Shape;

/** VGG16 (configuration D) for images 3 × 224 × 224. Source: Simonyan, Zisserman 2015. */
final class Vgg16 {
  /** Channels of each block's convolutions. */
  private static final List<List<Integer>> BLOCKS =
      List.of(
          List.of(64, 64),
          List.of(128, 128),
          List.of(256, 256, 256),
          List.of(512, 512, 512),
          List.of(512, 512, 512));

  private Vgg16() {}

  static Layer network(Weights weights) {
    Layer all = (b, x) -> x;
    int channels = 3;
    for (int block = 0; block < BLOCKS.size(); block++) {
      for (int i = 0; i < BLOCKS.get(block).size(); i++) {
        int out = BLOCKS.get(block).get(i);
        String name = "conv%d_%d".formatted(block + 1, i + 1);
        all = all.then(named(name, biasedConvolution(weights, channels, out, 3).then(relu())));
        channels = out;
      }
      all = all.then(named("pool" + (block + 1), maxPool(2, 2, 0)));
    }
    return all.then(classifier(weights, channels * 7 * 7));
  }

  private static Layer classifier(Weights weights, int features) {
    Layer flat = (b, x) -> b.reshape(x, Shape.of(x.shape().dim(0), features));
    return named("fc6", flat.then(dense(weights, features, 4096)).then(relu()))
        .then(named("fc7", dense(weights, 4096, 4096).then(relu())))
        .then(named("fc8", dense(weights, 4096, 1000)));
  }
}
