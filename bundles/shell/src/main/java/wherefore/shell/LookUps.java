package wherefore.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import wherefore.attribution.MethodDescription;
import wherefore.compute.BackendInfo;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.model.Model;
import wherefore.model.ModelCatalog;
import wherefore.model.Port;
import wherefore.tensor.Shape;

/** The commands that say what there is. */
final class LookUps {
  private LookUps() {}

  /** What a command without arguments of its own takes. */
  record OnlyJson(@Argument("machine-readable output") boolean json) {}

  /** {@code why:models}. */
  static final class Models implements Command<OnlyJson> {
    @Override
    public Syntax<OnlyJson> syntax() {
      return new Syntax<>("models", "The models that can be asked by name.", OnlyJson.class);
    }

    @Override
    public Object run(OnlyJson arguments, Desk desk) {
      List<ModelCatalog.Entry> entries = desk.models().entries();
      return arguments.json()
          ? new Json(entries)
          : new Listing<>(
              entries,
              "no models; a model's file can be named instead",
              List.of(
                  Listing.column("NAME", ModelCatalog.Entry::name),
                  Listing.column("FORMAT", ModelCatalog.Entry::format),
                  Listing.column("FILE", ModelCatalog.Entry::file),
                  Listing.column("DESCRIPTION", ModelCatalog.Entry::description)));
    }
  }

  /** What {@code why:methods} takes. */
  record MethodsArguments(
      @Argument(
              value = "only this method, with all that it says of itself",
              shows = "ID",
              form = Argument.Form.PLACE,
              completes = Names.METHOD)
          Optional<String> id,
      @Argument("machine-readable output") boolean json) {}

  /** {@code why:methods}. */
  static final class Methods implements Command<MethodsArguments> {
    @Override
    public Syntax<MethodsArguments> syntax() {
      return new Syntax<>(
          "methods",
          "The attribution methods that are there now: options, needs, cost.",
          MethodsArguments.class);
    }

    @Override
    public Object run(MethodsArguments arguments, Desk desk) {
      List<MethodDescription> all = desk.attributor().methods();
      List<MethodDescription> asked =
          arguments.id().map(id -> List.of(method(all, id))).orElse(all);
      return arguments.json()
          ? new Json(asked)
          : new MethodSheet(asked, arguments.id().isPresent());
    }

    private static MethodDescription method(List<MethodDescription> all, String id) {
      List<String> known = all.stream().map(MethodDescription::id).toList();
      return all.stream()
          .filter(m -> m.id().equals(id))
          .findFirst()
          .orElseThrow(
              () ->
                  Failure.failed(
                      "no method is named %s; known: %s".formatted(id, String.join(", ", known))));
    }
  }

  /** {@code why:backends}. */
  static final class Backends implements Command<OnlyJson> {
    @Override
    public Syntax<OnlyJson> syntax() {
      return new Syntax<>(
          "backends", "What models can run on, the best one first.", OnlyJson.class);
    }

    @Override
    public Object run(OnlyJson arguments, Desk desk) {
      List<BackendInfo> backends = desk.attributor().backends();
      return arguments.json()
          ? new Json(backends)
          : new Listing<>(
              backends,
              "no backends",
              List.of(
                  Listing.column("ID", BackendInfo::id),
                  Listing.column("DEVICE", BackendInfo::device),
                  Listing.column("COMPUTES IN", b -> b.floating().symbol()),
                  Listing.column("SETTINGS", b -> pairs(b.settings()))));
    }
  }

  private static String pairs(Map<String, String> map) {
    List<String> texts = new ArrayList<>();
    map.forEach((k, v) -> texts.add(k + "=" + v));
    return String.join(" ", texts);
  }

  /** What {@code why:layers} takes. */
  record LayersArguments(
      @Argument(
              value = "the model's name or file",
              shows = "MODEL",
              form = Argument.Form.EITHER,
              completes = Names.MODEL)
          String model,
      @Argument(
              value = "for this input's shape, where the model leaves it open",
              shows = "FILE",
              completes = Names.FILE)
          Optional<String> input,
      @Argument("machine-readable output") boolean json) {}

  /**
   * A layer.
   *
   * @param name its name in the model's file
   * @param operator what it does, as the graph has it
   * @param shape of its output
   */
  public record Layer(String name, String operator, String shape) {}

  /** {@code why:layers}. */
  static final class Layers implements Command<LayersArguments> {
    @Override
    public Syntax<LayersArguments> syntax() {
      return new Syntax<>(
          "layers", "The layers of a model, in order, for one example.", LayersArguments.class);
    }

    @Override
    public Object run(LayersArguments arguments, Desk desk) throws Exception {
      List<Layer> layers = layers(desk.model(arguments.model()), arguments, desk);
      return arguments.json()
          ? new Json(layers)
          : new Listing<>(
              layers,
              "no named layers",
              List.of(
                  Listing.column("LAYER", Layer::name),
                  Listing.column("OPERATOR", Layer::operator),
                  Listing.column("SHAPE", Layer::shape)));
    }

    static List<Layer> layers(Model model, LayersArguments arguments, Desk desk) throws Exception {
      Map<String, Shape> shapes = new HashMap<>();
      for (Port port : model.inputs()) {
        shapes.put(port.name(), shape(model, port, arguments.input(), desk));
      }
      return layers(model.graph(shapes));
    }

    /** Of one example; a file says what the model leaves open. */
    static Shape shape(Model model, Port port, Optional<String> file, Desk desk) throws Exception {
      boolean isOpen = port.axes().stream().skip(1).anyMatch(Port.Axis::isFree);
      if (!isOpen) {
        return Shape.of(
            port.axes().stream().mapToInt(axis -> axis.isFree() ? 1 : axis.extent()).toArray());
      }
      if (file.isEmpty()) {
        throw Failure.failed(
            "the shapes of %s depend on its input %s: name one by --input FILE"
                .formatted(model.name(), port));
      }
      return desk.input(model, file.get()).value().shape();
    }

    /** A layer's output is that of the last node which bears its name. */
    private static List<Layer> layers(Graph graph) {
      Map<String, Set<String>> operators = new HashMap<>();
      for (Node node : graph.nodes()) {
        if (!(node.op() instanceof Leaf)) {
          operators
              .computeIfAbsent(node.origin(), o -> new LinkedHashSet<>())
              .add(node.op().name());
        }
      }
      List<Layer> layers = new ArrayList<>();
      graph
          .layers()
          .forEach(
              (name, node) -> {
                Set<String> ops = operators.getOrDefault(name, Set.of(node.op().name()));
                layers.add(new Layer(name, String.join(" ", ops), node.type().toString()));
              });
      return layers;
    }
  }
}
