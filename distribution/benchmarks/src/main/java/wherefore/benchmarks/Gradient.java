package wherefore.benchmarks;

import java.util.List;
import java.util.stream.Stream;
import wherefore.benchmarks.nets.Zoo;
import wherefore.benchmarks.onnx.OnnxTrial;
import wherefore.benchmarks.ours.GradientTrial;
import wherefore.benchmarks.torch.TorchGradient;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/** The gradient of one logit with respect to the input. */
final class Gradient implements Case {
  @Override
  public String name() {
    return "gradient";
  }

  @Override
  public String description() {
    return "the gradient of one logit with respect to the input, of a batch";
  }

  @Override
  public List<Load> loads() {
    return Stream.concat(
            Stream.of(Zoo.VGG16, Zoo.RESNET50)
                .flatMap(m -> Stream.of(8, 16).map(n -> new Load(m, n))),
            Stream.of(new Load(Zoo.MLP, 1)))
        .toList();
  }

  @Override
  public List<Side> peers(Load load) {
    return Peers.of(load);
  }

  /** A sum in another order flips units whose argument is close to 0. */
  @Override
  public double tolerance() {
    return 1e-2;
  }

  @Override
  public Trial prepare(Side side, Load load) {
    Model model = Zoo.model(load.model());
    Tensor x = Zoo.input(load);
    return switch (side) {
      case WHEREFORE -> GradientTrial.of(model, x);
      case LIBTORCH, LIBTORCH_CHANNELS_LAST, LIBTORCH_TUNED ->
          new TorchGradient(Zoo.graph(model, load.batch()), x, Peers.order(side));
      case ONNXRUNTIME -> OnnxTrial.gradient(Zoo.graph(model, load.batch()), x);
      case OPENBLAS -> throw Peers.unable(this, side);
    };
  }
}
