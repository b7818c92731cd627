package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Target;
import wherefore.attribution.Variable;
import wherefore.graph.Graph;
import wherefore.graph.Node;
import wherefore.model.Model;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Makes the {@link Subject} of a request: resolves layer, target and baselines. */
final class Subjects {
  private static final String SCORES = "wherefore.scores";
  private static final String LAYER = "wherefore.layer";

  /**
   * A subject and what was found on the way.
   *
   * @param output the target's value at the input; NaN where it is a probability, not known yet
   * @param baseline what a default baseline stood for
   * @param baselines of the inputs, by name
   */
  record Found(
      Subject subject, double output, Baseline baseline, SequencedMap<String, Tensor> baselines) {}

  private final Model model;
  private final AttributionRequest request;
  private final Batches batches;
  private final Seeds seeds;

  private Subjects(AttributionRequest request, Batches batches, Seeds seeds) {
    this.model = request.model();
    this.request = request;
    this.batches = batches;
    this.seeds = seeds;
  }

  /** The subject of a request whose inputs are checked. */
  static Found find(AttributionRequest request, Batches batches, Seeds seeds) {
    return new Subjects(request, batches, seeds).find();
  }

  private Found find() {
    Graph graph = graph(1);
    Node scored = scored(graph);
    request.to().ifPresent(layer -> checkLayer(graph, layer, scored));
    Map<String, Tensor> at = atInput(scored.id());
    Targets target = Targets.find(request.target(), model, tensor(at, SCORES));
    Baseline baseline = Baselines.resolve(request.baseline(), model);
    SequencedMap<String, Tensor> baselines = baselines(baseline);
    List<Variable> variables =
        request
            .to()
            .map(layer -> List.of(layerVariable(layer, tensor(at, LAYER), baselines)))
            .orElseGet(() -> inputVariables(baselines));
    Subject subject =
        new Subject(
            model, request.inputs(), variables, request.to(), target.target(), target.selection());
    double output = request.target().probability() ? Double.NaN : target.score();
    return new Found(subject, output, baseline, baselines);
  }

  private static Tensor tensor(Map<String, Tensor> outputs, String name) {
    return Optional.ofNullable(outputs.get(name))
        .orElseThrow(() -> new AttributionException("the backend yields no output " + name));
  }

  private Graph graph(int rows) {
    Map<String, Shape> shapes = new HashMap<>();
    request.inputs().forEach((name, value) -> shapes.put(name, value.shape().with(0, rows)));
    return model.graph(shapes);
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
    Node node = layer(graph, name, "to");
    if (model.inputs().stream().anyMatch(p -> p.name().equals(name))) {
      throw new AttributionException(
          "to: %s is an input of model %s; leave `to` out to explain inputs"
              .formatted(name, model.name()));
    }
    if (!node.type().element().isFloating()) {
      throw new AttributionException(
          "to: layer %s yields %s; only floating-point values are explained"
              .formatted(name, node.type()));
    }
    if (!hasRows(node.shape(), 1) || model.isBatched() && !hasRows(shapeFor(2, name), 2)) {
      throw new AttributionException(
          "to: layer %s yields %s, which has no row for each example along its first axis"
              .formatted(name, node.type()));
    }
    if (!reaches(graph, node, scored)) {
      throw new AttributionException(
          "to: target %s does not depend on layer %s; name a layer before it"
              .formatted(request.target(), name));
    }
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

  private Map<String, Tensor> atInput(int scored) {
    Program program =
        new Program(
            rows -> {
              Graph graph = graph(rows);
              SequencedMap<String, Integer> outputs = new LinkedHashMap<>();
              outputs.put(SCORES, scored);
              request.to().ifPresent(name -> outputs.put(LAYER, graph.layer(name).id()));
              return new Graph(graph.nodes(), outputs);
            });
    Map<String, Tensor> at = new HashMap<>();
    batches.run(program, Rows.of(request.inputs()), Map.of(), (from, to, out) -> at.putAll(out));
    return at;
  }

  private SequencedMap<String, Tensor> baselines(Baseline baseline) {
    SequencedMap<String, Tensor> baselines = new LinkedHashMap<>();
    for (Port port : model.inputs()) {
      Tensor value = tensor(request.inputs(), port.name());
      if (value.type().isFloating()) {
        baselines.put(port.name(), Baselines.of(baseline, port.name(), value, seeds));
      }
    }
    if (baselines.isEmpty()) {
      throw new AttributionException(
          "model %s has no floating-point input that could be explained: %s"
              .formatted(model.name(), model.inputs()));
    }
    return baselines;
  }

  private List<Variable> inputVariables(SequencedMap<String, Tensor> baselines) {
    List<Variable> variables = new ArrayList<>();
    baselines.forEach(
        (name, baseline) ->
            variables.add(new Variable(name, tensor(request.inputs(), name), baseline)));
    return variables;
  }

  private Variable layerVariable(
      String layer, Tensor value, SequencedMap<String, Tensor> baselines) {
    Program program =
        new Program(
            rows -> {
              Graph graph = graph(rows);
              SequencedMap<String, Integer> outputs = new LinkedHashMap<>();
              outputs.put(LAYER, graph.layer(layer).id());
              return new Graph(graph.nodes(), outputs);
            });
    List<Tensor> parts = new ArrayList<>();
    batches.run(
        program,
        atBaselines(baselines),
        Map.of(),
        (from, to, outputs) -> parts.add(tensor(outputs, LAYER)));
    return new Variable(layer, value, Tensor.concatRows(parts));
  }

  private Rows atBaselines(SequencedMap<String, Tensor> baselines) {
    int count = baselines.firstEntry().getValue().shape().dim(0);
    return new Rows(
        count,
        (from, to) -> {
          Map<String, Tensor> feeds = new HashMap<>();
          request
              .inputs()
              .forEach(
                  (name, value) -> {
                    Tensor baseline = baselines.get(name);
                    feeds.put(
                        name,
                        baseline != null
                            ? baseline.rows(from, to)
                            : Tensor.concatRows(Collections.nCopies(to - from, value)));
                  });
          return feeds;
        },
        Map.of());
  }
}
