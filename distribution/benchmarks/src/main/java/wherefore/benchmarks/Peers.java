package wherefore.benchmarks;

import java.util.List;
import wherefore.benchmarks.nets.Zoo;
import wherefore.benchmarks.torch.Order;

/** What cases say of peers. */
final class Peers {
  private Peers() {}

  /** All of them; the order of channels is nothing to a network without images. */
  static List<Side> of(Load load) {
    return Zoo.isImage(load.model())
        ? List.of(Side.LIBTORCH, Side.LIBTORCH_CHANNELS_LAST, Side.LIBTORCH_TUNED, Side.ONNXRUNTIME)
        : List.of(Side.LIBTORCH, Side.LIBTORCH_TUNED, Side.ONNXRUNTIME);
  }

  static Order order(Side side) {
    return side == Side.LIBTORCH ? Order.CONTIGUOUS : Order.CHANNELS_LAST;
  }

  static IllegalArgumentException unable(Case asked, Side side) {
    return new IllegalArgumentException(side.label() + " can't do " + asked.name());
  }
}
