package wherefore.benchmarks.torch;

import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import wherefore.benchmarks.Trial;
import wherefore.graph.Graph;

/** Occlusion by zeros: every window's image goes through the whole network, a row at a time. */
public final class TorchOcclusion implements Trial {
  private final TorchNetwork network;
  private final Tensor x;
  private final int extent;
  private final int window;
  private final int stride;
  private final int target;
  private final int positions;
  private final int classes;

  /**
   * @param graph for the windows of a row
   * @param x one square image
   */
  public TorchOcclusion(
      Graph graph, wherefore.tensor.Tensor x, int window, int stride, int target, Order order) {
    Tensors.threads();
    this.network = new TorchNetwork(graph, order);
    this.x = Tensors.of(x);
    this.extent = x.shape().dim(2);
    this.window = window;
    this.stride = stride;
    this.target = target;
    this.positions = graph.inputs().firstEntry().getValue().shape().dim(0);
    this.classes = graph.node(graph.outputs().firstEntry().getValue()).shape().dim(1);
  }

  private float[] compute() {
    float[] f = new float[positions * positions];
    try (InferenceMode mode = new InferenceMode(true)) {
      for (int row = 0; row < positions; row++) {
        float[] logits = logits(row);
        for (int column = 0; column < positions; column++) {
          f[row * positions + column] = logits[column * classes + target];
        }
      }
      return mean(f, whole());
    }
  }

  private float whole() {
    try (Tensor ordered = network.ordered(x.clone());
        Tensor logits = network.forward(ordered)) {
      return Tensors.floats(logits)[target];
    }
  }

  private float[] logits(int row) {
    try (Tensor rows = x.repeat(positions, 1, 1, 1)) {
      for (int column = 0; column < positions; column++) {
        try (Tensor image = rows.narrow(0, column, 1);
            Tensor band = image.narrow(2, (long) row * stride, window);
            Tensor hidden = band.narrow(3, (long) column * stride, window)) {
          hidden.zero_();
        }
      }
      try (Tensor ordered = network.ordered(rows);
          Tensor logits = network.forward(ordered)) {
        return Tensors.floats(logits);
      }
    }
  }

  /** Each element of each channel gets the mean over the windows that cover it. */
  private float[] mean(float[] f, float output) {
    int plane = extent * extent;
    double[] sums = new double[plane];
    int[] counts = new int[plane];
    for (int k = 0; k < f.length; k++) {
      int top = k / positions * stride;
      int left = k % positions * stride;
      for (int i = top; i < top + window; i++) {
        for (int j = left; j < left + window; j++) {
          sums[i * extent + j] += output - f[k];
          counts[i * extent + j]++;
        }
      }
    }
    int channels = (int) (x.numel() / plane);
    float[] mean = new float[channels * plane];
    for (int e = 0; e < mean.length; e++) {
      mean[e] = (float) (sums[e % plane] / counts[e % plane]);
    }
    return mean;
  }

  @Override
  public void run() {
    compute();
  }

  @Override
  public float[] answer() {
    return compute();
  }

  @Override
  public void close() {
    x.close();
  }
}
