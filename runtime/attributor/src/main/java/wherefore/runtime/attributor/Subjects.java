package wherefore.runtime.attributor;

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
import wherefore.attribution.Subject;
import wherefore.attribution.Target;
import wherefore.attribution.Variable;
import wherefore.graph.Graph;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.model.Model;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Makes the {@link Subject} of a request: resolves layer, target and baselines. */
final class Subjects {
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
    FirstPass at = FirstPass.run(request, scored, watched, wishes.more(), batches);
    Targets target = Targets.find(request.target(), model, at.scores());
    Baseline baseline = Baselines.resolve(request.baseline(), model);
    Compared compared = new Compared(request, embeddings, at, batches, seeds);
    List<Variable> sources = compared.variables(baseline, target);
    List<Variable> variables =
        request
            .to()
            .map(layer -> List.of(compared.layer(layer, sources, wishes.compares())))
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
    double output = request.target().probability() ? at.target() : target.score();
    SequencedMap<String, Tensor> baselines = Compared.baselines(sources);
    return new Found(subject, output, baseline, baselines, layers, at.wished());
  }

  /** The layers that stand for integer inputs, each with its input. */
  private SequencedMap<String, String> embeddings(Graph graph, Node scored) {
    SequencedMap<String, String> embeddings = new LinkedHashMap<>(Embeddings.of(graph));
    embeddings.keySet().removeIf(layer -> problem(graph, layer, scored).isPresent());
    return embeddings;
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
}
