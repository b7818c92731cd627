package wherefore.benchmarks.torch;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import wherefore.benchmarks.nets.Zoo;

/** {@code torch.autograd.grad} of one logit, with respect to the input alone. */
final class Derivative {
  private Derivative() {}

  /**
   * The gradient; the caller closes it.
   *
   * @param x requires gradients; the weights do not
   */
  static Tensor of(TorchNetwork network, Tensor x) {
    return of(network, x, x);
  }

  /** As {@link #of(TorchNetwork, Tensor)}, with respect to what the input is made of. */
  static Tensor of(TorchNetwork network, Tensor input, Tensor x) {
    try (Tensor logits = network.forward(input);
        Tensor picked = logits.select(1, Zoo.TARGET);
        Tensor sum = picked.sum();
        TensorVector from = new TensorVector(sum);
        TensorVector to = new TensorVector(x);
        TensorVector gradients = torch.grad(from, to)) {
      return new Tensor(gradients.get(0));
    }
  }
}
