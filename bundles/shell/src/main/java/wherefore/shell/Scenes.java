package wherefore.shell;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import wherefore.attribution.Attribution;
import wherefore.attribution.Explanation;
import wherefore.attribution.Form;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Provenance;
import wherefore.model.Input;
import wherefore.model.ModelCard;
import wherefore.model.ModelCatalog;
import wherefore.model.Passage;
import wherefore.render.Panel;
import wherefore.render.Scene;
import wherefore.tensor.Tensor;

/** From an explanation to what is drawn. */
final class Scenes {
  private static final int MOST_FACTS = 16;

  private Scenes() {}

  /**
   * A panel for each variable, over the picture of what was explained.
   *
   * @param inputs what was explained, by the model's input, as far as it is at hand
   * @param info what the method says of itself, if it is there
   */
  static Scene of(Explanation explanation, Map<String, Input> inputs, Optional<MethodInfo> info) {
    List<Panel> panels = new ArrayList<>();
    boolean isFound = info.filter(i -> i.form() == Form.VALUE).isPresent();
    explanation
        .attribution()
        .values()
        .forEach((name, values) -> panels.add(panel(explanation, name, values, inputs, isFound)));
    Attribution attribution = explanation.attribution();
    List<String> facts = new ArrayList<>();
    attribution.provenance().ifPresent(p -> facts.add(target(explanation, p, isCompared(info))));
    numbers(attribution).ifPresent(facts::add);
    String model = explanation.request().model().name();
    return new Scene("%s: %s".formatted(model, explanation.request().method()), panels, facts);
  }

  /** The first facts; a document has them all. */
  private static Optional<String> numbers(Attribution attribution) {
    List<String> all =
        attribution.facts().entrySet().stream()
            .map(f -> f.getKey() + " " + Numbers.text(f.getValue()))
            .toList();
    String first = String.join(", ", all.subList(0, Math.min(MOST_FACTS, all.size())));
    String rest = all.size() > MOST_FACTS ? ", and %d more".formatted(all.size() - MOST_FACTS) : "";
    return all.isEmpty() ? Optional.empty() : Optional.of(first + rest);
  }

  /** Whether the method compares with a baseline, as far as is known of it. */
  static boolean isCompared(Optional<MethodInfo> info) {
    return info.stream().allMatch(i -> i.needs().contains(Need.BASELINE));
  }

  private static Panel panel(
      Explanation explanation,
      String name,
      Tensor values,
      Map<String, Input> inputs,
      boolean isFound) {
    Optional<Input> input = Optional.ofNullable(inputs.get(name));
    ModelCard card = explanation.request().model().card();
    List<String> features =
        input.map(Input::features).filter(f -> !f.isEmpty()).orElse(card.features());
    boolean isLayer = !explanation.request().inputs().containsKey(name);
    List<String> concepts = concepts(card, name, values);
    Optional<Passage> passage = passage(values, inputs);
    return new Panel(
        (isFound ? "found for " : "attribution to ") + name,
        values,
        isFound ? Optional.empty() : input.flatMap(Input::picture),
        passage.map(Passage::names).orElse(isLayer ? concepts : features),
        passage);
  }

  /** The names of a layer's units, where there is one for each. */
  static List<String> concepts(ModelCard card, String layer, Tensor values) {
    List<String> names = card.concepts(layer);
    return names.size() == values.size() ? names : List.of();
  }

  /** The text whose tokens lie along axis 1, also of the layer that stands for them. */
  private static Optional<Passage> passage(Tensor values, Map<String, Input> inputs) {
    int tokens = values.shape().rank() < 2 ? -1 : values.shape().dim(1);
    return inputs.values().stream()
        .flatMap(i -> i.passage().stream())
        .filter(p -> p.tokens().size() == tokens)
        .findFirst();
  }

  private static String target(Explanation explanation, Provenance p, boolean isCompared) {
    String label = label(explanation.request().model().card(), p.target());
    String kind = kind(p);
    String baseline = isCompared ? "; baseline " + p.baseline() : "";
    return "target %s, %s %s%s".formatted(label, kind, Numbers.text(p.output()), baseline);
  }

  /** What the explained number is: of a function without a graph no more is known. */
  static String kind(Provenance p) {
    return p.backend().equals(Provenance.FUNCTION)
        ? "output"
        : p.probability() ? "probability" : "logit";
  }

  /** A target with its label where the card has one: {@code seven (7)}. */
  static String label(ModelCard card, String target) {
    if (!target.matches("\\d{1,9}")) {
      return target;
    }
    String label = card.label(Integer.parseInt(target));
    return label.equals(target) ? target : label + " (" + target + ")";
  }

  /** The inputs of a kept explanation, as far as their files are still what they were. */
  static Map<String, Input> reread(Explanation explanation, ModelCatalog models) {
    Map<String, Input> inputs = new HashMap<>();
    explanation
        .sources()
        .forEach(
            (name, file) -> {
              Tensor kept = explanation.request().inputs().get(name);
              try {
                Input input = models.input(explanation.request().model(), file);
                if (kept != null && input.value().equals(kept)) {
                  inputs.put(name, input);
                }
              } catch (IOException e) {
                Failures.note("the input " + file + " can't be drawn", e);
              }
            });
    return inputs;
  }
}
