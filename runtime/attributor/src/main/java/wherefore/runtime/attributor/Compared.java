package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Subject;
import wherefore.attribution.Target;
import wherefore.attribution.Variable;
import wherefore.model.Model;
import wherefore.model.Port;
import wherefore.tensor.Tensor;

/**
 * What a request's inputs are compared with: baselines of the floating inputs, and of the layers
 * that stand for the others.
 */
final class Compared {
  private final AttributionRequest request;
  private final Model model;
  private final SequencedMap<String, String> embeddings;
  private final FirstPass at;
  private final Batching batches;
  private final Seeds seeds;

  /**
   * @param embeddings the layers that stand for integer inputs, each with its input
   * @param at the pass at the request's input
   */
  Compared(
      AttributionRequest request,
      SequencedMap<String, String> embeddings,
      FirstPass at,
      Batching batches,
      Seeds seeds) {
    this.request = request;
    this.model = request.model();
    this.embeddings = embeddings;
    this.at = at;
    this.batches = batches;
    this.seeds = seeds;
  }

  /** Inputs and layers with their baselines. */
  List<Variable> variables(Baseline baseline, Targets target) {
    return switch (baseline) {
      case Baseline.Boundary b -> boundary(b, target);
      case Baseline.Projection p -> projection(target);
      default -> variables(baselines(baseline));
    };
  }

  private List<Variable> variables(SequencedMap<String, Tensor> baselines) {
    List<Variable> variables = new ArrayList<>();
    baselines.forEach(
        (name, baseline) ->
            variables.add(new Variable(name, at.value(name, request.inputs()), baseline)));
    return variables;
  }

  private SequencedMap<String, Tensor> baselines(Baseline baseline) {
    SequencedMap<String, Tensor> baselines = new LinkedHashMap<>();
    for (Port port : model.inputs()) {
      Tensor value = input(port.name());
      if (value.type().isFloating()) {
        baselines.put(port.name(), Baselines.of(baseline, model, port.name(), value, seeds));
      }
    }
    embeddings.forEach((layer, input) -> baselines.put(layer, lookedUp(baseline, layer, input)));
    if (baselines.isEmpty()) {
      throw new AttributionException(
          "model %s has no floating-point input that could be explained: %s"
              .formatted(model.name(), model.inputs()));
    }
    return baselines;
  }

  private Tensor input(String name) {
    return Optional.ofNullable(request.inputs().get(name))
        .orElseThrow(() -> new AttributionException("the request has no input " + name));
  }

  /** Given integers are looked up; all else is meant for the layer's output itself. */
  private Tensor lookedUp(Baseline baseline, String layer, String input) {
    if (!(baseline instanceof Baseline.Given given) || given.value().type().isFloating()) {
      return Baselines.of(baseline, model, layer, at.value(layer, Map.of()), seeds);
    }
    Tensor rows = Baselines.fitting(given, input, input(input));
    return layers().at(layer, Set.of(), Map.of(input, rows));
  }

  private List<Variable> boundary(Baseline.Boundary b, Targets target) {
    boolean isAlone = request.target().layer().isPresent();
    SequencedMap<String, Tensor> points = baselines(new Baseline.Given(b.value(), b.source()));
    Map<String, Tensor> x = new LinkedHashMap<>();
    variables(points).forEach(v -> x.put(v.name(), v.value()));
    Function<Map<String, Tensor>, Tensor> scores =
        rows -> layers().at(g -> Subject.scored(g, request.target()), embeddings.keySet(), rows);
    return variables(
        new Boundaries(x, points, rows -> Boundaries.margins(scores.apply(rows), target, isAlone))
            .closest(b));
  }

  private List<Variable> projection(Targets target) {
    List<Variable> x = variables(baselines(new Baseline.Zero()));
    Target unit = new Target(target.target().choice(), target.target().layer(), false);
    Set<String> layers = Set.copyOf(embeddings.keySet());
    return variables(
        Projections.of(
            new Subject(model, request.inputs(), x, x, layers, unit, target.selection()), batches));
  }

  /** A layer between the inputs and the target, with its value at their baselines. */
  Variable layer(String layer, List<Variable> sources, boolean isCompared) {
    Tensor value = at.value(layer, Map.of());
    return new Variable(
        layer,
        value,
        isCompared
            ? layers().at(layer, embeddings.keySet(), baselines(sources))
            : Tensor.zeros(value.type(), value.shape().with(0, 0)));
  }

  /** The baselines of variables, by name. */
  static SequencedMap<String, Tensor> baselines(List<Variable> variables) {
    SequencedMap<String, Tensor> baselines = new LinkedHashMap<>();
    variables.forEach(v -> baselines.put(v.name(), v.baseline()));
    return baselines;
  }

  private LayerValues layers() {
    return new LayerValues(model, request.inputs(), batches);
  }
}
