package wherefore.benchmarks.torch;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import wherefore.benchmarks.Trial;
import wherefore.graph.Graph;

/**
 * Exact Shapley values against a zero baseline: all coalitions in large batches, each a row of the
 * input times its players; then the formula. The masks are there before the clock starts.
 */
public final class TorchCoalitions implements Trial {
  private final TorchNetwork network;
  private final Tensor x;
  private final List<Tensor> masks = new ArrayList<>();
  private final int players;
  private final int target;
  private final int classes;

  /**
   * @param graph for a chunk of coalitions
   * @param owners each feature's player
   */
  public TorchCoalitions(
      Graph graph, wherefore.tensor.Tensor x, int[] owners, int players, int target, Order order) {
    Tensors.threads();
    this.network = new TorchNetwork(graph, order);
    this.x = Tensors.of(x);
    this.players = players;
    this.target = target;
    int chunk = graph.inputs().firstEntry().getValue().shape().dim(0);
    this.classes = graph.node(graph.outputs().firstEntry().getValue()).shape().dim(1);
    for (int from = 0; from < 1 << players; from += chunk) {
      masks.add(mask(from, chunk, owners));
    }
  }

  private static Tensor mask(int from, int chunk, int[] owners) {
    float[] mask = new float[chunk * owners.length];
    for (int row = 0; row < chunk; row++) {
      for (int feature = 0; feature < owners.length; feature++) {
        mask[row * owners.length + feature] = from + row >>> owners[feature] & 1;
      }
    }
    return Tensor.create(mask, chunk, owners.length);
  }

  private double[] values() {
    double[] values = new double[1 << players];
    int at = 0;
    try (InferenceMode mode = new InferenceMode(true)) {
      for (Tensor mask : masks) {
        try (Tensor rows = mask.mul(x);
            Tensor logits = network.forward(rows)) {
          float[] all = Tensors.floats(logits);
          for (int row = 0; row < all.length / classes; row++) {
            values[at++] = all[row * classes + target];
          }
        }
      }
    }
    return values;
  }

  private float[] shapley() {
    double[] v = values();
    float[] shares = new float[players];
    for (int i = 0; i < players; i++) {
      double sum = 0;
      for (int s = 0; s < v.length; s++) {
        if ((s >>> i & 1) == 0) {
          sum += weight(Integer.bitCount(s)) * (v[s | 1 << i] - v[s]);
        }
      }
      shares[i] = (float) sum;
    }
    return shares;
  }

  /** s! (d − s − 1)! / d!. */
  private double weight(int size) {
    double weight = 1.0 / players;
    for (int k = 1; k <= size; k++) {
      weight *= (double) k / (players - k);
    }
    return weight;
  }

  @Override
  public void run() {
    shapley();
  }

  @Override
  public float[] answer() {
    return shapley();
  }

  @Override
  public void close() {
    masks.forEach(Tensor::close);
    x.close();
  }
}
