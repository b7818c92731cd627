package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Subject;
import wherefore.attribution.Variable;
import wherefore.model.Model;
import wherefore.model.Network;
import wherefore.model.Port;
import wherefore.tensor.Tensor;

/**
 * Makes the {@link Subject} of a request about a function without a graph: the target is an element
 * of its output as it comes; explained are its floating inputs, or where it has none its first.
 */
final class BlackSubjects {
  private final Model model;
  private final AttributionRequest request;
  private final Seeds seeds;

  private BlackSubjects(AttributionRequest request, Seeds seeds) {
    this.model = request.model();
    this.request = request;
    this.seeds = seeds;
  }

  /** The subject of a request whose inputs are checked. */
  static Subjects.Found find(AttributionRequest request, Network.Black black, Seeds seeds) {
    return new BlackSubjects(request, seeds).find(black);
  }

  private Subjects.Found find(Network.Black black) {
    checkAsked();
    String output = model.outputs().get(0).name();
    Tensor scores = black.predict(request.inputs()).get(output);
    if (scores == null) {
      throw new AttributionException(
          "model %s yields no output %s".formatted(model.name(), output));
    }
    Targets target = Targets.find(request.target(), model, scores);
    Baseline baseline = Baselines.resolve(request.baseline(), model);
    SequencedMap<String, Tensor> baselines = new LinkedHashMap<>();
    List<Variable> variables = new ArrayList<>();
    for (Port port : explained()) {
      Tensor value = request.inputs().getOrDefault(port.name(), Tensor.scalar(0));
      Tensor compared = Baselines.of(baseline, port.name(), value, seeds);
      baselines.put(port.name(), compared);
      variables.add(new Variable(port.name(), value, compared));
    }
    Subject subject =
        new Subject(
            model,
            request.inputs(),
            variables,
            variables,
            Set.of(),
            target.target(),
            target.selection());
    return new Subjects.Found(subject, target.score(), baseline, baselines, List.of(), Map.of());
  }

  private List<Port> explained() {
    List<Port> floating = model.inputs().stream().filter(p -> p.element().isFloating()).toList();
    return floating.isEmpty() ? model.inputs().subList(0, 1) : floating;
  }

  private void checkAsked() {
    request.to().ifPresent(layer -> refuse("to " + layer, "its layers are not known"));
    if (request.target().layer().isPresent()) {
      refuse("target " + request.target(), "its layers are not known");
    }
    if (request.target().probability()) {
      refuse(
          "the target's probability",
          "whether its output is one is not known; the output itself is explained without that");
    }
  }

  private void refuse(String asked, String reason) {
    throw new AttributionException(
        "%s was asked for, but model %s is a function without a graph: %s"
            .formatted(asked, model.name(), reason));
  }
}
