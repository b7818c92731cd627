package wherefore.benchmarks.torch;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import wherefore.benchmarks.Trial;
import wherefore.benchmarks.nets.Zoo;
import wherefore.graph.Graph;

/**
 * Grad-CAM by autograd: what lies before the layer is not recorded, and the gradient goes back to
 * the layer alone. Without ReLU, as ours here.
 */
public final class TorchGradCam implements Trial {
  private final TorchNetwork network;
  private final Tensor x;
  private final int layer;
  private final long[] extents;

  /** Of a graph for this input's batch. */
  public TorchGradCam(Graph graph, String layer, wherefore.tensor.Tensor x, Order order) {
    Tensors.threads();
    this.network = new TorchNetwork(graph, order);
    this.x = order.of(Tensors.of(x));
    this.layer = graph.layer(layer).id();
    this.extents = new long[] {x.shape().dim(2), x.shape().dim(3)};
  }

  private Tensor map() {
    AtomicReference<Tensor> held = new AtomicReference<>();
    try (Tensor logits = network.forward(x, layer, t -> recorded(t, held));
        Tensor picked = logits.select(1, Zoo.TARGET);
        Tensor sum = picked.sum();
        Tensor a = Objects.requireNonNull(held.get());
        TensorVector from = new TensorVector(sum);
        TensorVector to = new TensorVector(a);
        TensorVector gradients = torch.grad(from, to);
        Tensor detached = a.detach();
        Tensor weights = torch.mean(gradients.get(0), new long[] {2, 3}, true, null);
        Tensor weighed = weights.mul(detached);
        Tensor map = weighed.sum(new long[] {1}, true, null)) {
      return torch.upsample_bilinear2d(map, extents, false);
    }
  }

  private static Tensor recorded(Tensor activations, AtomicReference<Tensor> held) {
    activations.set_requires_grad(true);
    held.set(new Tensor(activations));
    return activations;
  }

  @Override
  public void run() {
    map().close();
  }

  @Override
  public float[] answer() {
    try (Tensor map = map()) {
      return Tensors.floats(map);
    }
  }

  @Override
  public void close() {
    x.close();
  }
}
