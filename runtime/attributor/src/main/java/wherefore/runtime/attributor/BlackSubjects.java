package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Baseline;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
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
  private final Batching batches;
  private final Seeds seeds;

  private BlackSubjects(AttributionRequest request, Batching batches, Seeds seeds) {
    this.model = request.model();
    this.request = request;
    this.batches = batches;
    this.seeds = seeds;
  }

  /** The subject of a request whose inputs are checked. */
  static Subjects.Found find(
      AttributionRequest request, Network.Black black, Batching batches, Seeds seeds) {
    return new BlackSubjects(request, batches, seeds).find(black);
  }

  private Subjects.Found find(Network.Black black) {
    checkAsked();
    String output = model.outputs().get(0).name();
    Tensor scores = scores(black.predict(request.inputs()), output);
    Targets target = Targets.find(request.target(), model, scores);
    Baseline baseline = Baselines.resolve(request.baseline(), model);
    SequencedMap<String, Tensor> baselines =
        switch (baseline) {
          case Baseline.Boundary b -> boundary(b, black, output, target);
          case Baseline.Projection p ->
              throw new AttributionException(
                  "baseline projection was asked for, but model %s is a function without a graph:"
                          .formatted(model.name())
                      + " whether it is affine is not known; boundary(FILE) needs no graph");
          default -> baselines(baseline);
        };
    List<Variable> variables = new ArrayList<>();
    baselines.forEach((name, compared) -> variables.add(new Variable(name, value(name), compared)));
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

  private Tensor value(String input) {
    return request.inputs().getOrDefault(input, Tensor.scalar(0));
  }

  private SequencedMap<String, Tensor> baselines(Baseline baseline) {
    SequencedMap<String, Tensor> baselines = new LinkedHashMap<>();
    for (Port port : explained()) {
      baselines.put(
          port.name(), Baselines.of(baseline, model, port.name(), value(port.name()), seeds));
    }
    return baselines;
  }

  private SequencedMap<String, Tensor> boundary(
      Baseline.Boundary b, Network.Black black, String output, Targets target) {
    SequencedMap<String, Tensor> points = baselines(new Baseline.Given(b.value(), b.source()));
    return new Boundaries(
            request.inputs(),
            points,
            rows -> Boundaries.margins(scores(black, output, rows), target, false))
        .closest(b);
  }

  /** The scores, a row for each row of the inputs given; the others stay as they are. */
  private Tensor scores(Network.Black black, String output, Map<String, Tensor> rows) {
    List<Tensor> parts = new ArrayList<>();
    batches.run(
        Program.of(some -> black.predict(whole(some))),
        Rows.of(rows),
        Map.of(),
        (from, to, out) -> parts.add(scores(out, output)));
    return Tensor.concatRows(parts);
  }

  private Map<String, Tensor> whole(Map<String, Tensor> some) {
    int count = some.values().iterator().next().shape().dim(0);
    Map<String, Tensor> all = new LinkedHashMap<>();
    request
        .inputs()
        .forEach((name, one) -> all.put(name, Tensor.concatRows(Collections.nCopies(count, one))));
    all.putAll(some);
    return all;
  }

  private Tensor scores(Map<String, Tensor> outputs, String output) {
    Tensor scores = outputs.get(output);
    if (scores == null) {
      throw new AttributionException(
          "model %s yields no output %s".formatted(model.name(), output));
    }
    return scores;
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
