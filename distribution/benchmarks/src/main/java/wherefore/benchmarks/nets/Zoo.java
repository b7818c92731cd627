package wherefore.benchmarks.nets;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import wherefore.benchmarks.Load;
import wherefore.benchmarks.nets.Layers.Layer;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** The models by name, and inputs for them. */
public final class Zoo {
  /** VGG16. */
  public static final String VGG16 = "vgg16";

  /** ResNet-50. */
  public static final String RESNET50 = "resnet50";

  /** Dense layers 30-512-512-2. */
  public static final String MLP = "mlp";

  /** The name of every model's input. */
  public static final String INPUT = "x";

  /** The name of every model's output. */
  public static final String OUTPUT = "logits";

  /** The logit that is explained. */
  public static final int TARGET = 1;

  private static final long WEIGHTS = 20261;
  private static final long INPUTS = 20262;
  private static final int FEATURES = 30;

  private Zoo() {}

  /** The names. */
  public static List<String> names() {
    return List.of(VGG16, RESNET50, MLP);
  }

  /** True for the networks that take images. */
  public static boolean isImage(String name) {
    return !name.equals(MLP);
  }

  /** Makes a model: its weights are drawn anew, and are the same each time. */
  public static Model model(String name) {
    Weights weights = Weights.seeded(WEIGHTS);
    return switch (name) {
      case VGG16 -> model(name, Vgg16.network(weights), 1000);
      case RESNET50 -> model(name, ResNet50.network(weights), 1000);
      case MLP -> model(name, perceptron(weights), 2);
      default -> throw unknown(name);
    };
  }

  private static IllegalArgumentException unknown(String name) {
    return new IllegalArgumentException("no model is named " + name + "; known: " + names());
  }

  private static Layer perceptron(Weights weights) {
    return Layers.named("fc1", Layers.dense(weights, FEATURES, 512).then(Layers.relu()))
        .then(Layers.named("fc2", Layers.dense(weights, 512, 512).then(Layers.relu())))
        .then(Layers.named("fc3", Layers.dense(weights, 512, 2)));
  }

  private static Model model(String name, Layer network, int classes) {
    Network.White white =
        shapes -> {
          GraphBuilder b = new GraphBuilder();
          Value x = b.input(INPUT, ElementType.FLOAT32, requireNonNull(shapes.get(INPUT)));
          return b.output(OUTPUT, network.apply(b, x)).build();
        };
    Port in = port(INPUT, example(name));
    Port out = port(OUTPUT, Shape.of(1, classes));
    return new Model(
        name, "built", name, "built", ModelCard.EMPTY, List.of(in), List.of(out), white);
  }

  private static Port port(String name, Shape one) {
    List<Port.Axis> axes = new ArrayList<>(List.of(Port.Axis.free("n")));
    for (int d : one.axes(1, one.rank()).dims()) {
      axes.add(Port.Axis.fixed(d));
    }
    return new Port(name, ElementType.FLOAT32, axes);
  }

  private static Shape example(String name) {
    return isImage(name) ? Shape.of(1, 3, 224, 224) : Shape.of(1, FEATURES);
  }

  /** The graph for so many examples. */
  public static Graph graph(Model model, int batch) {
    return model.graph(Map.of(INPUT, example(model.name()).with(0, batch)));
  }

  /** An input, with the extremes of a normalised image. */
  public static Tensor input(Load load) {
    return Weights.seeded(INPUTS)
        .between(-2.1, 2.6, example(load.model()).with(0, load.batch()).dims());
  }
}
