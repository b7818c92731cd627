package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Form;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Target;
import wherefore.attribution.Variable;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.Leaf;
import wherefore.graph.Lowering;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Makes the {@link Subject} of a request: resolves layer, target and baselines. */
final class Subjects {
  private static final String SCORES = "wherefore.scores";
  private static final String LAYER = "wherefore.layer/";
  private static final String MORE = "wherefore.more/";
  private static final String POINT = "wherefore.point/";

  /**
   * A subject and what was found on the way.
   *
   * @param output the target's value at the input
   * @param baseline what a default baseline stood for
   * @param baselines of the inputs, and of the layers that stand for integer inputs, by name
   * @param layers that are explained instead of inputs
   * @param firstPass what the method asked for
   */
  record Found(
      Subject subject,
      double output,
      Baseline baseline,
      SequencedMap<String, Tensor> baselines,
      List<String> layers,
      Map<String, Tensor> firstPass) {}

  /**
   * What a method says of the pass that finds the target.
   *
   * @param compares true if it needs to know a layer's value at the baselines
   * @param more what else it wants from that pass
   */
  record Wishes(boolean compares, Function<Subject.Trace, Map<String, Value>> more) {
    /** Nothing but the subject. */
    static final Wishes NONE = new Wishes(true, trace -> Map.of());

    static <O extends Record> Wishes of(
        AttributionMethod<O> method, AttributionRequest request, O options) {
      MethodInfo info = method.info();
      return new Wishes(
          info.form() != Form.MAP || info.needs().contains(Need.BASELINE),
          trace -> method.firstPass(request, options, trace));
    }
  }

  private final Model model;
  private final AttributionRequest request;
  private final Batching batches;
  private final Seeds seeds;
  private final Wishes wishes;

  private Subjects(AttributionRequest request, Wishes wishes, Batching batches, Seeds seeds) {
    this.model = request.model();
    this.request = request;
    this.batches = batches;
    this.seeds = seeds;
    this.wishes = wishes;
  }

  /** The subject of a request whose inputs are checked. */
  static Found find(AttributionRequest request, Wishes wishes, Batching batches, Seeds seeds) {
    return new Subjects(request, wishes, batches, seeds).find();
  }

  private Found find() {
    Graph graph = graph(1);
    Node scored = scored(graph);
    request.to().ifPresent(layer -> checkLayer(graph, layer, scored));
    SequencedMap<String, String> embeddings = embeddings(graph, scored);
    List<String> layers =
        request.to().map(List::of).orElseGet(() -> List.copyOf(embeddings.sequencedKeySet()));
    Set<String> watched = new LinkedHashSet<>(layers);
    watched.addAll(embeddings.sequencedKeySet());
    Map<String, Tensor> at = atInput(scored.id(), watched);
    Targets target = Targets.find(request.target(), model, tensor(at, SCORES));
    Baseline baseline = Baselines.resolve(request.baseline(), model);
    SequencedMap<String, Tensor> baselines =
        switch (baseline) {
          case Baseline.Boundary b -> boundary(b, target, embeddings, at);
          case Baseline.Projection p -> projection(target, embeddings, at);
          default -> baselines(baseline, embeddings, at);
        };
    List<Variable> sources = variables(baselines, at);
    List<Variable> variables =
        request
            .to()
            .map(layer -> List.of(layerVariable(layer, at, embeddings.keySet(), baselines)))
            .orElse(sources);
    Subject subject =
        new Subject(
            model,
            request.inputs(),
            variables,
            sources,
            Set.copyOf(watched),
            target.target(),
            target.selection());
    double output =
        request.target().probability() ? tensor(at, Subject.TARGET).get(0) : target.score();
    return new Found(subject, output, baseline, baselines, layers, firstPass(at));
  }

  /** The layers that stand for integer inputs, each with its input. */
  private SequencedMap<String, String> embeddings(Graph graph, Node scored) {
    SequencedMap<String, String> embeddings = new LinkedHashMap<>(Embeddings.of(graph));
    embeddings.keySet().removeIf(layer -> problem(graph, layer, scored).isPresent());
    return embeddings;
  }

  private static Tensor tensor(Map<String, Tensor> outputs, String name) {
    return Optional.ofNullable(outputs.get(name))
        .orElseThrow(() -> new AttributionException("the backend yields no output " + name));
  }

  private Graph graph(int rows) {
    return request.graph(rows);
  }

  private Node scored(Graph graph) {
    Target target = request.target();
    target.layer().ifPresent(layer -> layer(graph, layer, "target " + target));
    Node scored = Subject.scored(graph, target);
    boolean rows = scored.shape().rank() > 0 && scored.shape().dim(0) == 1;
    if (!rows || !scored.type().element().isFloating()) {
      throw new AttributionException(
          "target %s: %s is %s; a target is one of floating-point numbers with one row an example"
              .formatted(target, scored.describe(), scored.type()));
    }
    return scored;
  }

  private Node layer(Graph graph, String name, String asked) {
    SequencedMap<String, Node> layers = graph.layers();
    Node node = layers.get(name);
    if (node == null) {
      throw new AttributionException(
          "%s: model %s has no layer %s; %s"
              .formatted(asked, model.name(), name, Names.known(name, layers.sequencedKeySet())));
    }
    return node;
  }

  private void checkLayer(Graph graph, String name, Node scored) {
    layer(graph, name, "to");
    problem(graph, name, scored)
        .ifPresent(
            problem -> {
              throw new AttributionException("to: " + problem);
            });
  }

  /** Why a layer can't be explained, if it can't. */
  private Optional<String> problem(Graph graph, String name, Node scored) {
    Node node = graph.layer(name);
    if (model.inputs().stream().anyMatch(p -> p.name().equals(name))) {
      return Optional.of(
          "%s is an input of model %s; leave `to` out to explain inputs"
              .formatted(name, model.name()));
    }
    if (!node.type().element().isFloating()) {
      return Optional.of(
          "layer %s yields %s; only floating-point values are explained"
              .formatted(name, node.type()));
    }
    if (!hasRows(node.shape(), 1) || model.isBatched() && !hasRows(shapeFor(2, name), 2)) {
      return Optional.of(
          "layer %s yields %s, which has no row for each example along its first axis"
              .formatted(name, node.type()));
    }
    return reaches(graph, node, scored)
        ? Optional.empty()
        : Optional.of(
            "target %s does not depend on layer %s; name a layer before it"
                .formatted(request.target(), name));
  }

  private Shape shapeFor(int rows, String layer) {
    try {
      return graph(rows).layer(layer).shape();
    } catch (IllegalArgumentException e) {
      return Shape.of(rows); // takes one example at a time, whatever it says
    }
  }

  private static boolean hasRows(Shape shape, int rows) {
    return shape.rank() > 0 && shape.dim(0) == rows;
  }

  private static boolean reaches(Graph graph, Node from, Node to) {
    boolean[] reached = new boolean[graph.nodes().size()];
    reached[from.id()] = true;
    for (Node node : graph.nodes().subList(from.id(), to.id() + 1)) {
      reached[node.id()] |= node.inputs().stream().anyMatch(in -> reached[in]);
    }
    return from.id() <= to.id() && reached[to.id()];
  }

  /** The scores, layers' values, and what the method wishes beside. */
  private Map<String, Tensor> atInput(int scored, Set<String> layers) {
    Program program = new Program(rows -> pass(graph(rows), scored, layers));
    Node node = graph(1).node(scored);
    Map<String, Tensor> named =
        Targets.named(request.target(), model, node.shape())
            .map(place -> Map.of(Subject.SELECTION, Targets.selection(place, node.shape())))
            .orElse(Map.of());
    Map<String, Tensor> at = new HashMap<>();
    batches.run(program, Rows.of(request.inputs()), named, (from, to, out) -> at.putAll(out));
    return at;
  }

  private Graph pass(Graph graph, int scored, Set<String> layers) {
    SequencedMap<String, Integer> asked = new LinkedHashMap<>();
    asked.put(SCORES, scored);
    layers.forEach(name -> asked.put(LAYER + name, graph.layer(name).id()));
    SequencedMap<String, Integer> explained = explained(graph, layers);
    SequencedMap<String, Integer> all = new LinkedHashMap<>(asked);
    explained.forEach((name, id) -> all.put(POINT + name, id));
    GraphBuilder b = new GraphBuilder();
    Inlined copies = b.inline(new Graph(graph.nodes(), all), Map.of());
    asked.forEach((name, id) -> b.output(name, copies.of(graph.node(id))));
    Value selection = selection(copies.of(graph.node(scored)));
    SequencedMap<String, Value> points = new LinkedHashMap<>();
    explained.forEach((name, id) -> points.put(name, copies.of(graph.node(id))));
    Subject.Trace trace =
        Subject.picked(request.target(), graph.node(scored), copies, selection, points);
    b.output(Subject.TARGET, trace.target());
    wishes.more().apply(trace).forEach((name, value) -> b.output(MORE + name, value));
    return b.build();
  }

  /** The nodes that are explained, as the {@linkplain Subject#variables variables} will be. */
  private SequencedMap<String, Integer> explained(Graph graph, Set<String> layers) {
    SequencedMap<String, Integer> explained = new LinkedHashMap<>();
    if (request.to().isEmpty()) {
      for (Node node : graph.nodes()) {
        if (node.op() instanceof Leaf.Input input && node.type().element().isFloating()) {
          explained.put(input.name(), node.id());
        }
      }
    }
    request
        .to()
        .map(Set::of)
        .orElse(layers)
        .forEach(layer -> explained.put(layer, graph.layer(layer).id()));
    return explained;
  }

  /** Where the target is known by its place it is fed, else it is found on the way. */
  private Value selection(Value scores) {
    GraphBuilder b = scores.builder();
    if (!(request.target().choice() instanceof Target.Choice.Predicted)) {
      return b.input(Subject.SELECTION, scores.element(), scores.shape());
    }
    Value row = b.reshape(scores, Shape.of(scores.shape().size()));
    return b.reshape(Lowering.firstMaximum(b, row, 0), scores.shape());
  }

  private static Map<String, Tensor> firstPass(Map<String, Tensor> at) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    at.forEach(
        (name, value) -> {
          if (name.startsWith(MORE)) {
            found.put(name.substring(MORE.length()), value);
          }
        });
    return found;
  }

  /** Of the floating inputs, and of the layers that stand for the others. */
  private SequencedMap<String, Tensor> baselines(
      Baseline baseline, SequencedMap<String, String> embeddings, Map<String, Tensor> at) {
    SequencedMap<String, Tensor> baselines = new LinkedHashMap<>();
    for (Port port : model.inputs()) {
      Tensor value = tensor(request.inputs(), port.name());
      if (value.type().isFloating()) {
        baselines.put(port.name(), Baselines.of(baseline, model, port.name(), value, seeds));
      }
    }
    embeddings.forEach(
        (layer, input) ->
            baselines.put(layer, lookedUp(baseline, layer, input, tensor(at, LAYER + layer))));
    if (baselines.isEmpty()) {
      throw new AttributionException(
          "model %s has no floating-point input that could be explained: %s"
              .formatted(model.name(), model.inputs()));
    }
    return baselines;
  }

  private SequencedMap<String, Tensor> boundary(
      Baseline.Boundary b,
      Targets target,
      SequencedMap<String, String> embeddings,
      Map<String, Tensor> at) {
    boolean isAlone = request.target().layer().isPresent();
    SequencedMap<String, Tensor> points =
        baselines(new Baseline.Given(b.value(), b.source()), embeddings, at);
    Map<String, Tensor> x = new LinkedHashMap<>();
    variables(points, at).forEach(v -> x.put(v.name(), v.value()));
    Function<Map<String, Tensor>, Tensor> scores =
        rows -> layers().at(g -> Subject.scored(g, request.target()), embeddings.keySet(), rows);
    return new Boundaries(
            x, points, rows -> Boundaries.margins(scores.apply(rows), target, isAlone))
        .closest(b);
  }

  private SequencedMap<String, Tensor> projection(
      Targets target, SequencedMap<String, String> embeddings, Map<String, Tensor> at) {
    List<Variable> x = variables(baselines(new Baseline.Zero(), embeddings, at), at);
    Target unit = new Target(target.target().choice(), target.target().layer(), false);
    return Projections.of(
        new Subject(
            model,
            request.inputs(),
            x,
            x,
            Set.copyOf(embeddings.keySet()),
            unit,
            target.selection()),
        batches);
  }

  /** Given integers are looked up; all else is meant for the layer's output itself. */
  private Tensor lookedUp(Baseline baseline, String layer, String input, Tensor value) {
    Tensor integers = tensor(request.inputs(), input);
    if (!(baseline instanceof Baseline.Given given) || given.value().type().isFloating()) {
      return Baselines.of(baseline, model, layer, value, seeds);
    }
    Tensor rows = Baselines.fitting(given, input, integers);
    return layers().at(layer, Set.of(), Map.of(input, rows));
  }

  private List<Variable> variables(SequencedMap<String, Tensor> baselines, Map<String, Tensor> at) {
    List<Variable> variables = new ArrayList<>();
    baselines.forEach(
        (name, baseline) -> {
          Tensor input = request.inputs().get(name);
          Tensor value = input != null ? input : tensor(at, LAYER + name);
          variables.add(new Variable(name, value, baseline));
        });
    return variables;
  }

  private Variable layerVariable(
      String layer,
      Map<String, Tensor> at,
      Set<String> embeddings,
      SequencedMap<String, Tensor> baselines) {
    Tensor value = tensor(at, LAYER + layer);
    Tensor baseline =
        wishes.compares()
            ? layers().at(layer, embeddings, baselines)
            : Tensor.zeros(value.type(), value.shape().with(0, 0));
    return new Variable(layer, value, baseline);
  }

  private LayerValues layers() {
    return new LayerValues(model, request.inputs(), batches);
  }
}
