package wherefore.benchmarks.torch;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import wherefore.benchmarks.Trial;
import wherefore.graph.Graph;

/**
 * LRP with z-plus for convolutions and epsilon for dense layers, by autograd: relevance is R = a ⊙
 * g, so that with z-plus g = w⁺'(g z / s(D)), the derivative of D ⊙ (z / s(D)) with the factor held
 * constant (Ancona 2018). Pooling and ReLU are left to autograd, which is what the rules do there.
 */
public final class TorchLrp implements Trial {
  private static final double STABILISER = 1e-6;

  private final TorchNetwork network;
  private final Tensor x;
  private final boolean[] isBehindFirst = {false};

  /** Of a graph for one row. */
  public TorchLrp(Graph graph, wherefore.tensor.Tensor x, Order order) {
    Tensors.threads();
    this.network = new TorchNetwork(graph, order, this::excited, TorchLrp::stabilised);
    this.x = order.of(Tensors.of(x));
  }

  /** Behind the first layer nothing is negative, so that the second half of D is 0. */
  private Tensor excited(TorchNetwork.Affine layer, Tensor x, Tensor w, TensorOptional bias) {
    boolean isFirst = !isBehindFirst[0];
    isBehindFirst[0] = true;
    try (Tensor at = x.detach();
        Tensor z = layer.apply(at, w, bias);
        Tensor up = torch.relu(w);
        Tensor b = torch.relu(bias.get());
        Tensor plus = isFirst ? torch.relu(x) : new Tensor(x);
        Tensor first = layer.apply(plus, up, new TensorOptional(b));
        Tensor all = isFirst ? both(layer, first, x, w) : new Tensor(first);
        Tensor factor = factor(z, all)) {
      return all.mul(factor);
    }
  }

  private static Tensor both(TorchNetwork.Affine layer, Tensor first, Tensor x, Tensor w) {
    try (Tensor mirrored = x.neg();
        Tensor minus = torch.relu(mirrored);
        Tensor down = w.neg();
        Tensor weights = torch.relu(down);
        Tensor second = layer.apply(minus, weights, new TensorOptional())) {
      return first.add(second);
    }
  }

  private static Tensor stabilised(
      TorchNetwork.Affine layer, Tensor x, Tensor w, TensorOptional bias) {
    try (Tensor z = layer.apply(x, w, bias);
        Tensor factor = factor(z, z)) {
      return z.mul(factor);
    }
  }

  /** z / s(d), held constant. */
  private static Tensor factor(Tensor z, Tensor d) {
    try (Scalar zero = new Scalar(0.0);
        Scalar above = new Scalar(STABILISER);
        Scalar below = new Scalar(-STABILISER);
        Tensor at = d.detach();
        Tensor of = z.detach();
        Tensor isNegative = at.lt(zero);
        Tensor shift = torch.where(isNegative, below, above);
        Tensor stable = at.add(shift)) {
      return of.div(stable);
    }
  }

  private Tensor compute() {
    isBehindFirst[0] = false;
    try (Tensor point = x.detach()) {
      point.set_requires_grad(true);
      try (Tensor gradient = Derivative.of(network, point)) {
        return gradient.mul(x);
      }
    }
  }

  @Override
  public void run() {
    compute().close();
  }

  @Override
  public float[] answer() {
    try (Tensor relevance = compute()) {
      return Tensors.floats(relevance);
    }
  }

  @Override
  public void close() {
    x.close();
  }
}
