package wherefore.benchmarks;

import java.util.List;
import java.util.Map;
import wherefore.benchmarks.nets.Zoo;
import wherefore.benchmarks.onnx.OnnxPath;
import wherefore.benchmarks.ours.AttributionTrial;
import wherefore.benchmarks.torch.TorchPath;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/** Integrated gradients of one image; the peers take 50 Gauss-Legendre points in chunks of 10. */
final class IntegratedGradients implements Case {
  private static final int POINTS = 50;
  private static final int CHUNK = 10;

  private final String name;
  private final String description;
  private final Map<String, String> options;
  private final double tolerance;

  private IntegratedGradients(
      String name, String description, Map<String, String> options, double tolerance) {
    this.name = name;
    this.description = description;
    this.options = options;
    this.tolerance = tolerance;
  }

  static Case fixed() {
    return new IntegratedGradients(
        "ig",
        "integrated gradients of an image, 50 Gauss-Legendre points on every side",
        Map.of("quadrature", "gauss-legendre", "steps", Integer.toString(POINTS)),
        1e-2);
  }

  /**
   * What is compared is the residual; it bounds the map's sum, not the map, and nine points leave
   * that a quarter off where fifty leave 4 %. The tolerance asks only for a map of the same kind.
   */
  static Case adaptive() {
    return new IntegratedGradients(
        "ig-adaptive",
        "the same, ours by the adaptive rule until the completeness residual is below 1 %",
        Map.of("quadrature", "adaptive", "tolerance", "0.01"),
        0.5);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public List<Load> loads() {
    return List.of(new Load(Zoo.VGG16, 1), new Load(Zoo.RESNET50, 1));
  }

  @Override
  public List<Side> peers(Load load) {
    return Peers.of(load);
  }

  @Override
  public double tolerance() {
    return tolerance;
  }

  @Override
  public Trial prepare(Side side, Load load) {
    Model model = Zoo.model(load.model());
    Tensor x = Zoo.input(load);
    StraightPath path = StraightPath.gaussLegendre(POINTS, CHUNK);
    return switch (side) {
      case WHEREFORE -> AttributionTrial.of(model, x, "integrated-gradients", options);
      case LIBTORCH, LIBTORCH_CHANNELS_LAST, LIBTORCH_TUNED ->
          new TorchPath(Zoo.graph(model, CHUNK), x, path, Peers.order(side));
      case ONNXRUNTIME -> new OnnxPath(Zoo.graph(model, CHUNK), x, path);
      case OPENBLAS -> throw Peers.unable(this, side);
    };
  }
}
