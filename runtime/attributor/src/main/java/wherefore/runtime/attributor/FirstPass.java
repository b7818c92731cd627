package wherefore.runtime.attributor;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.attribution.Subject;
import wherefore.attribution.Target;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.Leaf;
import wherefore.graph.Lowering;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * The pass at the request's input: it yields the scores that the target is one of, the target, the
 * values of layers, and what the method wishes beside.
 */
final class FirstPass {
  private static final String SCORES = "wherefore.scores";
  private static final String LAYER = "wherefore.layer/";
  private static final String MORE = "wherefore.more/";
  private static final String POINT = "wherefore.point/";

  private final AttributionRequest request;
  private final Map<String, Tensor> values = new HashMap<>();

  private FirstPass(AttributionRequest request) {
    this.request = request;
  }

  /**
   * Runs it.
   *
   * @param scored the node that the target is an element of
   * @param layers whose values are needed
   * @param wishes what the method asks for, by name
   */
  static FirstPass run(
      AttributionRequest request,
      Node scored,
      Set<String> layers,
      Function<Subject.Trace, Map<String, Value>> wishes,
      Batching batches) {
    FirstPass pass = new FirstPass(request);
    Program program =
        new Program(rows -> pass.graph(request.graph(rows), scored.id(), layers, wishes));
    Map<String, Tensor> named =
        Targets.named(request.target(), request.model(), scored.shape())
            .map(place -> Map.of(Subject.SELECTION, Targets.selection(place, scored.shape())))
            .orElse(Map.of());
    batches.run(
        program, Rows.of(request.inputs()), named, (from, to, out) -> pass.values.putAll(out));
    return pass;
  }

  /** All the numbers that the target is one of. */
  Tensor scores() {
    return value(SCORES);
  }

  /** The target's value. */
  double target() {
    return value(Subject.TARGET).get(0);
  }

  /** An input's value, or that of one of the layers. */
  Tensor value(String name, Map<String, Tensor> inputs) {
    Tensor input = inputs.get(name);
    return input != null ? input : value(LAYER + name);
  }

  /** What the method asked for. */
  Map<String, Tensor> wished() {
    Map<String, Tensor> found = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(MORE)) {
            found.put(name.substring(MORE.length()), value);
          }
        });
    return found;
  }

  private Tensor value(String name) {
    return Optional.ofNullable(values.get(name))
        .orElseThrow(() -> new AttributionException("the backend yields no output " + name));
  }

  private Graph graph(
      Graph graph,
      int scored,
      Set<String> layers,
      Function<Subject.Trace, Map<String, Value>> wishes) {
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
    wishes.apply(trace).forEach((name, value) -> b.output(MORE + name, value));
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
}
