package wherefore.shell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.Explanation;
import wherefore.attribution.Provenance;
import wherefore.model.ModelCard;

/**
 * What {@code why:explain} returns.
 *
 * @param model the model's name
 * @param input where the input came from
 * @param prediction the largest output
 * @param target the element that was explained, by its place
 * @param label its label, or its place
 * @param probability true if its probability was explained, false if its logit
 * @param value its value at the input
 * @param method the method's id
 * @param options all options with the values they had
 * @param baseline what the input was compared with, or empty where the method does not compare
 * @param to the layer, or empty
 * @param sum of the attributions
 * @param facts numbers beside, as the method gives them
 * @param backend the backend's id
 * @param device what it ran on
 * @param seed of what was drawn
 * @param seconds how long it took
 * @param files that were written
 * @param explanation all of it
 */
public record Explained(
    String model,
    String input,
    Prediction.Candidate prediction,
    String target,
    String label,
    boolean probability,
    double value,
    String method,
    Map<String, String> options,
    String baseline,
    String to,
    double sum,
    SequencedMap<String, Double> facts,
    String backend,
    String device,
    long seed,
    double seconds,
    List<Outputs.Written> files,
    Explanation explanation)
    implements Shown {
  static Explained of(
      Explanation explanation,
      Prediction prediction,
      String input,
      boolean isCompared,
      List<Outputs.Written> files) {
    Attribution a = explanation.attribution();
    Provenance p =
        a.provenance()
            .orElseThrow(() -> new AttributionException("the attribution has no provenance"));
    return new Explained(
        explanation.request().model().name(),
        input,
        prediction.top().get(0),
        p.target(),
        Scenes.label(explanation.request().model().card(), p.target()),
        p.probability(),
        p.output(),
        p.method(),
        p.options(),
        isCompared ? p.baseline() : "",
        p.to(),
        a.sum(),
        a.facts(),
        p.backend(),
        p.device(),
        p.seed(),
        p.seconds(),
        files,
        explanation);
  }

  @Override
  public String shown() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("prediction", prediction.text()));
    lines.add(List.of("target", label + ", " + kind() + " " + number(value)));
    lines.add(List.of("method", method + described()));
    lines.add(List.of("sum", number(sum)));
    Map<String, Double> rest = Ledger.rest(facts);
    Parts.rest(rest).forEach((name, fact) -> lines.add(List.of(name, number(fact))));
    lines.add(List.of("took", "%s s on %s (%s)".formatted(number(seconds), backend, device)));
    files.forEach(f -> lines.add(List.of(f.kind(), f.path())));
    concepts().forEach((name, value) -> lines.add(List.of(name, number(value))));
    Ledger ledger = Ledger.of(facts);
    Parts parts = Parts.of(rest);
    return Listing.aligned(lines)
        + (parts.isEmpty() ? "" : "\n\n" + parts.shown())
        + (ledger.entries().isEmpty() ? "" : "\n\n" + ledger.shown());
  }

  /** Attributions to units that the model's card names, the largest first. */
  private SequencedMap<String, Double> concepts() {
    ModelCard card = explanation.request().model().card();
    SequencedMap<String, Double> concepts = new LinkedHashMap<>();
    explanation
        .attribution()
        .values()
        .forEach(
            (layer, values) -> {
              List<String> names = Scenes.concepts(card, layer, values);
              IntStream.range(0, names.size())
                  .boxed()
                  .sorted(Comparator.comparingDouble(i -> -Math.abs(values.get(i))))
                  .forEach(i -> concepts.put(layer + " " + names.get(i), values.get(i)));
            });
    return concepts;
  }

  private String kind() {
    return explanation.attribution().provenance().map(Scenes::kind).orElse("output");
  }

  private String described() {
    String given =
        options.entrySet().stream()
            .map(o -> o.getKey() + "=" + o.getValue())
            .collect(Collectors.joining(", "));
    return (given.isEmpty() ? "" : " (" + given + ")")
        + (to.isEmpty() ? "" : ", by layer " + to)
        + (baseline.isEmpty() ? "" : ", baseline " + baseline);
  }

  private static String number(double value) {
    return Numbers.text(value);
  }
}
