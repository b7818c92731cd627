package wherefore.benchmarks.torch;

import org.bytedeco.pytorch.Tensor;
import wherefore.benchmarks.StraightPath;
import wherefore.benchmarks.Trial;
import wherefore.graph.Graph;

/**
 * Integrated gradients from a zero baseline, as Captum does it: the points of a chunk are one
 * batch, their gradients are weighted and added up.
 */
public final class TorchPath implements Trial {
  private final TorchNetwork network;
  private final StraightPath path;
  private final Tensor baseline;
  private final Tensor x;

  /**
   * @param graph for a chunk
   * @param x one example
   */
  public TorchPath(Graph graph, wherefore.tensor.Tensor x, StraightPath path, Order order) {
    Tensors.threads();
    this.network = new TorchNetwork(graph, order);
    this.path = path;
    this.x = Tensors.of(x);
    this.baseline = Tensors.of(wherefore.tensor.Tensor.zeros(x.type(), x.shape()));
  }

  private Tensor compute() {
    try (Tensor delta = x.sub(baseline);
        Tensor sum = baseline.mul(baseline)) {
      for (int chunk = 0; chunk < path.chunks(); chunk++) {
        add(sum, delta, chunk);
      }
      return sum.mul(delta);
    }
  }

  private void add(Tensor sum, Tensor delta, int chunk) {
    try (Tensor alphas = column(path.alphas(chunk));
        Tensor weights = column(path.weights(chunk));
        Tensor steps = alphas.mul(delta);
        Tensor points = baseline.add(steps);
        Tensor ordered = network.ordered(points)) {
      ordered.set_requires_grad(true);
      try (Tensor gradients = Derivative.of(network, ordered);
          Tensor weighted = gradients.mul(weights);
          Tensor total = weighted.sum(new long[] {0}, true, null)) {
        sum.add_(total);
      }
    }
  }

  private static Tensor column(float[] values) {
    return Tensor.create(values, values.length, 1, 1, 1);
  }

  @Override
  public void run() {
    compute().close();
  }

  @Override
  public float[] answer() {
    try (Tensor attribution = compute()) {
      return Tensors.floats(attribution);
    }
  }

  @Override
  public void close() {
    x.close();
    baseline.close();
  }
}
