package wherefore.benchmarks;

import java.util.List;
import java.util.Map;
import wherefore.benchmarks.nets.Zoo;
import wherefore.benchmarks.ours.PassesTrial;
import wherefore.benchmarks.torch.TorchDeepLift;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/** DeepLIFT of one image against zero, by the Rescale rule. */
final class DeepLift implements Case {
  /** Pooling as the peer has it. */
  private static final Map<String, String> OPTIONS = Map.of("rule", "rescale", "maxima", "winner");

  @Override
  public String name() {
    return "deeplift";
  }

  @Override
  public String description() {
    return "DeepLIFT of an image against zero, by the Rescale rule";
  }

  @Override
  public List<Load> loads() {
    return List.of(new Load(Zoo.VGG16, 1), new Load(Zoo.RESNET50, 1));
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
      case WHEREFORE -> PassesTrial.paired(model, x, "deeplift", OPTIONS);
      case LIBTORCH, LIBTORCH_CHANNELS_LAST, LIBTORCH_TUNED ->
          new TorchDeepLift(Zoo.graph(model, 2), x, Peers.order(side));
      case ONNXRUNTIME, OPENBLAS -> throw Peers.unable(this, side);
    };
  }
}
