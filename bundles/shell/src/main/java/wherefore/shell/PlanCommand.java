package wherefore.shell;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import wherefore.attribution.Profile;
import wherefore.attribution.Subject;
import wherefore.attribution.Target;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.propagate.Backward;
import wherefore.propagate.Vjp;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** {@code why:plan}. */
final class PlanCommand implements Command<PlanCommand.Arguments> {
  record Arguments(
      @Argument(
              value = "the model's name or file",
              shows = "MODEL",
              form = Argument.Form.EITHER,
              completes = Names.MODEL)
          String model,
      @Argument(
              value =
                  "runs on this input instead of zeros; needed where the model leaves its shape open",
              shows = "FILE",
              completes = Names.FILE)
          Optional<String> input,
      @Argument(value = "how many examples at once", shows = "N", byDefault = "1") int rows,
      @Argument("with the gradient of the outputs' sum by the inputs") boolean gradient,
      @Argument(
              value = "what to run on instead of the best there is",
              shows = "ID",
              completes = Names.BACKEND)
          Optional<String> backend,
      @Argument(value = "how many runs the times are means of", shows = "K", byDefault = "3")
          int runs,
      @Argument("machine-readable output") boolean json) {}

  @Override
  public Syntax<Arguments> syntax() {
    return new Syntax<>(
        "plan", "The steps in which a backend runs a model, with their times.", Arguments.class);
  }

  @Override
  public Object run(Arguments a, Desk desk) throws Exception {
    if (a.rows() < 1 || a.runs() < 1) {
      throw Failure.usage(
          "plan: --rows is %d and --runs is %d; both must be at least 1"
              .formatted(a.rows(), a.runs()));
    }
    Model model = desk.model(a.model());
    Map<String, Tensor> feeds = feeds(model, a, desk);
    Graph graph = graph(model, feeds, a.gradient());
    Profile profile = desk.attributor().profile(graph, feeds, a.runs(), a.backend());
    PlanSheet sheet = PlanSheet.of(model.name(), a.rows(), a.gradient(), profile);
    return a.json() ? new Json(sheet) : sheet;
  }

  private static Map<String, Tensor> feeds(Model model, Arguments a, Desk desk) throws Exception {
    if (!(model.network() instanceof Network.White)) {
      throw Failure.failed(
          "model %s is a function without a graph; it has no plan".formatted(model.name()));
    }
    Map<String, Tensor> feeds = new LinkedHashMap<>();
    for (Port port : model.inputs()) {
      Tensor one = one(model, port, a, desk);
      Tensor many = Tensor.concatRows(Collections.nCopies(a.rows(), one));
      if (!port.accepts(many.shape())) {
        throw Failure.failed(
            "%s takes %s; %d rows are %s".formatted(model.name(), port, a.rows(), many.shape()));
      }
      feeds.put(port.name(), many);
    }
    return feeds;
  }

  private static Tensor one(Model model, Port port, Arguments a, Desk desk) throws Exception {
    if (a.input().isPresent() && port.equals(model.inputs().get(0))) {
      return desk.input(model, a.input().get()).value();
    }
    Shape shape = LookUps.Layers.shape(model, port, a.input(), desk);
    return Tensor.of(shape, new double[shape.size()]).to(port.element());
  }

  private static Graph graph(Model model, Map<String, Tensor> feeds, boolean gradient) {
    Map<String, Shape> shapes = new HashMap<>();
    feeds.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    Graph graph = model.graph(shapes);
    return gradient ? withGradient(graph) : graph;
  }

  /** With d Σ logits / d input for each floating input. */
  private static Graph withGradient(Graph graph) {
    Node scored = Subject.scored(graph, Target.PREDICTED);
    GraphBuilder b = new GraphBuilder();
    Inlined inlined = b.inline(graph, Map.of());
    Value y = inlined.find(scored).orElseThrow();
    Map<String, Value> inputs = new LinkedHashMap<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf.Input input && node.type().element().isFloating()) {
        inlined.find(node).ifPresent(value -> inputs.put(input.name(), value));
      }
    }
    Value ones = b.expand(b.number(1, y), y.shape());
    List<Value> gradients =
        Backward.run(b, Map.of(y, ones), List.copyOf(inputs.values()), Vjp.book());
    b.output("wherefore.scored", y);
    int i = 0;
    for (String name : inputs.keySet()) {
      b.output("wherefore.gradient." + name, gradients.get(i++));
    }
    return b.build();
  }
}
