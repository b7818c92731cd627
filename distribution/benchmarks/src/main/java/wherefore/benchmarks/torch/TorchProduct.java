package wherefore.benchmarks.torch;

import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import wherefore.benchmarks.Trial;

/** {@code torch.mm}. */
public final class TorchProduct implements Trial {
  private final Tensor a;
  private final Tensor b;

  /** Of these matrices. */
  public TorchProduct(wherefore.tensor.Tensor a, wherefore.tensor.Tensor b) {
    Tensors.threads();
    this.a = Tensors.of(a);
    this.b = Tensors.of(b);
  }

  private Tensor compute() {
    try (InferenceMode mode = new InferenceMode(true)) {
      return torch.mm(a, b);
    }
  }

  @Override
  public void run() {
    compute().close();
  }

  @Override
  public float[] answer() {
    try (Tensor product = compute()) {
      return Tensors.floats(product);
    }
  }

  @Override
  public void close() {
    a.close();
    b.close();
  }
}
