package wherefore.benchmarks.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import wherefore.benchmarks.Trial;
import wherefore.graph.Graph;

/**
 * DeepLIFT by the Rescale rule against zero, as Captum does it: input and baseline are one batch,
 * and autograd goes back with Δy/Δx in place of each ReLU's derivative; pooling is left to it.
 */
public final class TorchDeepLift implements Trial {
  /** Captum's. */
  private static final double LEAST = 1e-10;

  private final TorchNetwork network;
  private final Tensor x;

  /**
   * @param graph for two rows
   * @param x one example
   */
  public TorchDeepLift(Graph graph, wherefore.tensor.Tensor x, Order order) {
    Tensors.threads();
    this.network = new TorchNetwork(graph, order, TorchDeepLift::rescaled);
    this.x = order.of(Tensors.of(x));
  }

  /** y + q (x − x), where nothing but the factor x is recorded: its derivative is q = Δy/Δx. */
  private static Tensor rescaled(Tensor x) {
    try (Tensor at = x.detach();
        Tensor y = torch.relu(at);
        Tensor quotient = quotient(at, y);
        Tensor none = x.sub(at);
        Tensor slope = none.mul(quotient)) {
      return slope.add(y);
    }
  }

  private static Tensor quotient(Tensor x, Tensor y) {
    try (Tensor run = difference(x);
        Tensor rise = difference(y);
        Tensor size = run.abs();
        Scalar least = new Scalar(LEAST);
        Scalar zero = new Scalar(0.0);
        Tensor close = size.lt(least);
        Tensor first = x.narrow(0, 0, 1);
        Tensor on = first.gt(zero);
        Tensor slope = on.to(x.scalar_type());
        Tensor quotient = rise.div(run)) {
      return torch.where(close, slope, quotient);
    }
  }

  private static Tensor difference(Tensor both) {
    try (Tensor first = both.narrow(0, 0, 1);
        Tensor second = both.narrow(0, 1, 1)) {
      return first.sub(second);
    }
  }

  private Tensor compute() {
    try (Tensor point = x.detach()) {
      point.set_requires_grad(true);
      try (Tensor zeros = torch.zeros_like(x);
          Tensor both = torch.cat(new org.bytedeco.pytorch.TensorVector(point, zeros), 0);
          Tensor multipliers = Derivative.of(network, both, point)) {
        return multipliers.mul(x);
      }
    }
  }

  @Override
  public void run() {
    compute().close();
  }

  @Override
  public float[] answer() {
    try (Tensor contributions = compute()) {
      return Tensors.floats(contributions);
    }
  }

  @Override
  public void close() {
    x.close();
  }
}
