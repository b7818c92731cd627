package wherefore.benchmarks;

import java.util.List;
import wherefore.benchmarks.nets.Weights;
import wherefore.benchmarks.ours.ProductTrial;
import wherefore.benchmarks.torch.BlasTrial;
import wherefore.benchmarks.torch.TorchProduct;
import wherefore.tensor.Tensor;

/** The product of two matrices 2048 × 2048: the best of all sides is this machine's peak. */
final class Sgemm implements Case {
  static final String NAME = "sgemm";
  private static final int SIZE = 2048;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return "the product of two matrices 2048 × 2048, by whose best side the peak is measured";
  }

  @Override
  public List<Load> loads() {
    return List.of(new Load("matrix", SIZE));
  }

  @Override
  public List<Side> peers(Load load) {
    return List.of(Side.LIBTORCH, Side.OPENBLAS);
  }

  @Override
  public double tolerance() {
    return 1e-5;
  }

  @Override
  public Trial prepare(Side side, Load load) {
    int n = load.batch();
    Tensor a = Weights.seeded(1).uniform(1, n, n);
    Tensor b = Weights.seeded(2).uniform(1, n, n);
    return switch (side) {
      case WHEREFORE -> new ProductTrial(a, b);
      case LIBTORCH -> new TorchProduct(a, b);
      case OPENBLAS -> new BlasTrial(a, b);
      case LIBTORCH_CHANNELS_LAST, LIBTORCH_TUNED, ONNXRUNTIME -> throw Peers.unable(this, side);
    };
  }
}
