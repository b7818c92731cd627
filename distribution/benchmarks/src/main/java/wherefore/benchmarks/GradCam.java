package wherefore.benchmarks;

import java.util.List;
import wherefore.benchmarks.nets.Zoo;
import wherefore.benchmarks.ours.MapTrial;
import wherefore.benchmarks.torch.TorchGradCam;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/** Grad-CAM of an image at the last convolutional layer, brought to the image's extents. */
final class GradCam implements Case {
  @Override
  public String name() {
    return "gradcam";
  }

  @Override
  public String description() {
    return "Grad-CAM of an image at the last convolutional layer, at the image's extents";
  }

  @Override
  public List<Load> loads() {
    return List.of(new Load(Zoo.VGG16, 1), new Load(Zoo.RESNET50, 1));
  }

  @Override
  public List<Side> peers(Load load) {
    return List.of(Side.LIBTORCH, Side.LIBTORCH_CHANNELS_LAST, Side.LIBTORCH_TUNED);
  }

  /** As the gradient's. */
  @Override
  public double tolerance() {
    return 1e-2;
  }

  private static String layer(String model) {
    return model.equals(Zoo.VGG16) ? "conv5_3" : "layer4.2";
  }

  @Override
  public Trial prepare(Side side, Load load) {
    Model model = Zoo.model(load.model());
    Tensor x = Zoo.input(load);
    String layer = layer(load.model());
    return switch (side) {
      case WHEREFORE -> MapTrial.of(model, x, "grad-cam", layer);
      case LIBTORCH, LIBTORCH_CHANNELS_LAST, LIBTORCH_TUNED ->
          new TorchGradCam(Zoo.graph(model, load.batch()), layer, x, Peers.order(side));
      case ONNXRUNTIME, OPENBLAS -> throw Peers.unable(this, side);
    };
  }
}
