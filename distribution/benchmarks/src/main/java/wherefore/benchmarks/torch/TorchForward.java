package wherefore.benchmarks.torch;

import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import wherefore.benchmarks.Trial;
import wherefore.graph.Graph;

/** A forward pass in inference mode. */
public final class TorchForward implements Trial {
  private final TorchNetwork network;
  private final Tensor x;

  /** Of a graph for this input's batch. */
  public TorchForward(Graph graph, wherefore.tensor.Tensor x, Order order) {
    Tensors.threads();
    this.network = new TorchNetwork(graph, order);
    this.x = order.of(Tensors.of(x));
  }

  private Tensor compute() {
    try (InferenceMode mode = new InferenceMode(true)) {
      return network.forward(x);
    }
  }

  @Override
  public void run() {
    compute().close();
  }

  @Override
  public float[] answer() {
    try (Tensor y = compute()) {
      return Tensors.floats(y);
    }
  }

  @Override
  public void close() {
    x.close();
  }
}
