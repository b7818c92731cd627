package wherefore.benchmarks.torch;

import org.bytedeco.pytorch.Tensor;
import wherefore.benchmarks.Trial;
import wherefore.graph.Graph;

/** The gradient of one logit by autograd. */
public final class TorchGradient implements Trial {
  private final TorchNetwork network;
  private final Tensor x;

  /** Of a graph for this input's batch. */
  public TorchGradient(Graph graph, wherefore.tensor.Tensor x, Order order) {
    Tensors.threads();
    this.network = new TorchNetwork(graph, order);
    this.x = order.of(Tensors.of(x));
    this.x.set_requires_grad(true);
  }

  @Override
  public void run() {
    Derivative.of(network, x).close();
  }

  @Override
  public float[] answer() {
    try (Tensor gradient = Derivative.of(network, x)) {
      return Tensors.floats(gradient);
    }
  }

  @Override
  public void close() {
    x.close();
  }
}
