package wherefore.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import wherefore.benchmarks.nets.Zoo;
import wherefore.benchmarks.onnx.OnnxTrial;
import wherefore.benchmarks.ours.GraphTrial;
import wherefore.benchmarks.torch.TorchForward;
import wherefore.graph.Graph;
import wherefore.model.Model;
import wherefore.tensor.Tensor;

/** The logits. */
final class Forward implements Case {
  /** So many coalitions a Shapley sampler may ask about at once. */
  private static final int COALITIONS = 1 << 15;

  @Override
  public String name() {
    return "forward";
  }

  @Override
  public String description() {
    return "the logits of a batch; for the MLP also of 2^15 rows, a sampler's coalitions";
  }

  @Override
  public List<Load> loads() {
    Stream<Load> images =
        Stream.of(Zoo.VGG16, Zoo.RESNET50)
            .flatMap(m -> Stream.of(1, 8, 16).map(n -> new Load(m, n)));
    Stream<Load> rows = Stream.of(1, COALITIONS).map(n -> new Load(Zoo.MLP, n));
    return Stream.concat(images, rows).toList();
  }

  @Override
  public List<Side> peers(Load load) {
    return Peers.of(load);
  }

  @Override
  public double tolerance() {
    return 1e-4;
  }

  @Override
  public Trial prepare(Side side, Load load) {
    Model model = Zoo.model(load.model());
    Tensor x = Zoo.input(load);
    Graph graph = Zoo.graph(model, load.batch());
    return switch (side) {
      case WHEREFORE -> new GraphTrial(graph, Map.of(Zoo.INPUT, x), Zoo.OUTPUT);
      case LIBTORCH, LIBTORCH_CHANNELS_LAST, LIBTORCH_TUNED ->
          new TorchForward(graph, x, Peers.order(side));
      case ONNXRUNTIME -> OnnxTrial.forward(graph, x);
      case OPENBLAS -> throw Peers.unable(this, side);
    };
  }
}
