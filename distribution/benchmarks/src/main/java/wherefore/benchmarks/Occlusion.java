package wherefore.benchmarks;

import java.util.List;
import java.util.Map;
import wherefore.benchmarks.nets.Zoo;
import wherefore.benchmarks.ours.AttributionTrial;
import wherefore.benchmarks.torch.TorchOcclusion;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/**
 * Occlusion of an image by a window of 16 × 16 that goes on by 8. The peer runs all windows;
 * nothing is extrapolated.
 */
final class Occlusion implements Case {
  private static final int WINDOW = 16;
  private static final int STRIDE = 8;

  @Override
  public String name() {
    return "occlusion";
  }

  @Override
  public String description() {
    return "occlusion of an image, 729 windows; the peer takes 27 at a time (minutes a call)";
  }

  @Override
  public List<Load> loads() {
    return List.of(new Load(Zoo.VGG16, 1), new Load(Zoo.RESNET50, 1));
  }

  @Override
  public List<Side> peers(Load load) {
    return List.of(Side.LIBTORCH, Side.LIBTORCH_CHANNELS_LAST, Side.LIBTORCH_TUNED);
  }

  /** Of differences that are a hundredth of the logits, or less. */
  @Override
  public double tolerance() {
    return 2e-2;
  }

  @Override
  public Trial prepare(Side side, Load load) {
    Model model = Zoo.model(load.model());
    Tensor x = Zoo.input(load);
    int positions = (x.shape().dim(2) - WINDOW) / STRIDE + 1;
    return switch (side) {
      case WHEREFORE ->
          AttributionTrial.ofWindows(
              model,
              x,
              Map.of(
                  "window", "3,%d,%d".formatted(WINDOW, WINDOW),
                  "stride", "3,%d,%d".formatted(STRIDE, STRIDE)));
      case LIBTORCH, LIBTORCH_CHANNELS_LAST, LIBTORCH_TUNED ->
          new TorchOcclusion(
              Zoo.graph(model, positions), x, WINDOW, STRIDE, Zoo.TARGET, Peers.order(side));
      case ONNXRUNTIME, OPENBLAS -> throw Peers.unable(this, side);
    };
  }
}
