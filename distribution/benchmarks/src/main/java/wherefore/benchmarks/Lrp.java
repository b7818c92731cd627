package wherefore.benchmarks;

import java.util.List;
import java.util.Map;
import wherefore.benchmarks.nets.Zoo;
import wherefore.benchmarks.ours.PassesTrial;
import wherefore.benchmarks.torch.TorchLrp;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/** LRP of one image: z-plus for convolutions, epsilon for dense layers. */
final class Lrp implements Case {
  private static final Map<String, String> OPTIONS = Map.of("composite", "epsilon-plus");

  @Override
  public String name() {
    return "lrp";
  }

  @Override
  public String description() {
    return "LRP of an image: z-plus for convolutions, epsilon for dense layers";
  }

  @Override
  public List<Load> loads() {
    return List.of(new Load(Zoo.VGG16, 1));
  }

  @Override
  public List<Side> peers(Load load) {
    return List.of(Side.LIBTORCH, Side.LIBTORCH_CHANNELS_LAST);
  }

  /** A sum in another order gives pooling other winners. */
  @Override
  public double tolerance() {
    return 1e-2;
  }

  @Override
  public Trial prepare(Side side, Load load) {
    Model model = Zoo.model(load.model());
    Tensor x = Zoo.input(load);
    return switch (side) {
      case WHEREFORE -> PassesTrial.alone(model, x, "lrp", OPTIONS);
      case LIBTORCH, LIBTORCH_CHANNELS_LAST, LIBTORCH_TUNED ->
          new TorchLrp(Zoo.graph(model, 1), x, Peers.order(side));
      case ONNXRUNTIME, OPENBLAS -> throw Peers.unable(this, side);
    };
  }
}
