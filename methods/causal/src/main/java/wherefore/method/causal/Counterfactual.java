package wherefore.method.causal;

import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import org.osgi.service.component.annotations.Component;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionException;
import wherefore.attribution.AttributionMethod;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.MethodInfo;
import wherefore.attribution.Need;
import wherefore.attribution.Option;
import wherefore.attribution.ProvidesMethod;
import wherefore.attribution.Subject;

/**
 * A counterfactual.
 *
 * <p>Question: what is the least change of the input with which the model decides otherwise? The
 * decision is whether the target is the largest output (of a single output: whether it lies above
 * {@code threshold}); it is flipped whichever way it falls. With {@code towards}, the class named
 * there must become the largest one. Formula: x' = argmin d(x, x') subject to m(x') ≥ margin and
 * low ≤ x' ≤ high, with m as {@link Decision} has it; the attribution is x' − x. Shape and unit:
 * the input's. Cost: up to steps × starts × (F + B). Source: Wachter, Mittelstadt, Russell 2018,
 * who ask for argmin over x' and max over λ of λ·(f(x') − y')² + d(x, x') and raise λ by hand while
 * they descend; here the same question is a constrained one, solved by linearising m again and
 * again within a trust region ({@link Search}), where λ is the multiplier and comes out by itself.
 * For a model whose decision boundary is a plane the answer is the projection onto it. A margin
 * counts from what rounding can't undo: 1e-5 of that of the input for float32, 1e-9 for float64.
 *
 * <p>Facts: {@code flipped}, 1 if the decision is another one at x', else 0: then the change is the
 * one with the greatest margin that was seen, and no counterfactual; {@code distance} d(x, x');
 * {@code changed}, elements that differ; {@code margin} m(x'); {@code class}, the place of the
 * largest output at x'; {@code output} and {@code output-at-counterfactual} of the target; {@code
 * evaluations}.
 */
@Component(service = AttributionMethod.class)
@ProvidesMethod(method = "counterfactual")
public final class Counterfactual implements AttributionMethod<Counterfactual.Settings> {
  /** The options. */
  public record Settings(
      @Option(
              value = "What is kept small: l1 changes few elements, l2 many a little.",
              byDefault = "l2")
          Distance distance,
      @Option(
              value = "The class that must win, by its label or place; any flips the decision.",
              byDefault = "any")
          String towards,
      @Option(value = "The least value that an element may take.", byDefault = "-Infinity")
          double low,
      @Option(value = "The greatest value that an element may take.", byDefault = "Infinity")
          double high,
      @Option(value = "Where a single output is decided, in the target's unit.", byDefault = "0")
          double threshold,
      @Option(
              value = "By how much the decision must fall the other way, in the target's unit.",
              byDefault = "0",
              min = 0)
          double margin,
      @Option(
              value = "The most steps of the search.",
              byDefault = "100",
              min = 1,
              max = 1_000_000,
              unit = "steps")
          int steps,
      @Option(
              value = "How many points it starts from: the input, and others near it.",
              byDefault = "4",
              min = 1,
              max = 10_000,
              unit = "points")
          int starts) {
    /** Checks the bounds. */
    public Settings {
      if (low >= high) {
        throw new IllegalArgumentException(
            "option low is %s and high is %s; low must be less".formatted(low, high));
      }
    }
  }

  @Override
  public String id() {
    return "counterfactual";
  }

  @Override
  public Class<Settings> options() {
    return Settings.class;
  }

  @Override
  public MethodInfo info() {
    return new MethodInfo(
        "What is the least change of the input with which the model decides otherwise?",
        EnumSet.of(Need.GRAPH, Need.SEED),
        "steps × starts × (F + B)",
        "Wachter, Mittelstadt, Russell 2018, arXiv:1711.00399");
  }

  @Override
  public Attribution attribute(AttributionRequest request, Settings options, Evaluator evaluator) {
    Subject subject = evaluator.subject();
    Layout layout = new Layout(subject.variables());
    OptionalInt towards = towards(options.towards(), subject);
    Decision decision = new Decision(subject, layout, towards, options.threshold());
    double[] x = layout.input();
    Decision.Points at = decision.at(evaluator, List.of(x), false);
    if (towards.isPresent() && at.margins()[0] > 0) {
      throw new AttributionException(
          ("counterfactual: option towards is %s, which is the largest output already, by %s;"
                  + " name another class")
              .formatted(options.towards(), at.margins()[0]));
    }
    int way = Search.way(at.margins()[0]);
    Search.Found found = new Search(layout, decision, options, at.margins()[0], evaluator).run();
    double[] change = new double[x.length];
    int changed = 0;
    for (int i = 0; i < x.length; i++) {
      change[i] = found.point()[i] - x[i];
      changed += change[i] == 0 ? 0 : 1;
    }
    Decision.Points there = decision.at(evaluator, List.of(found.point()), false);
    return Attribution.of(layout.attributions(change))
        .fact("flipped", found.isFlipped() ? 1 : 0)
        .fact("distance", options.distance().of(x, found.point()))
        .fact("changed", changed)
        .fact("margin", way * there.margins()[0])
        .fact("class", there.classes()[0])
        .fact("output", at.outputs()[0])
        .fact("output-at-counterfactual", there.outputs()[0])
        .fact("evaluations", found.evaluations());
  }

  private static OptionalInt towards(String text, Subject subject) {
    if (text.equals("any")) {
      return OptionalInt.empty();
    }
    List<String> labels = subject.model().card().labels();
    int place = text.matches("\\d{1,9}") ? Integer.parseInt(text) : labels.indexOf(text);
    if (place < 0) {
      throw new AttributionException(
          "counterfactual: option towards is %s; it must be any, a place from 0 on, or %s"
              .formatted(
                  text,
                  labels.isEmpty()
                      ? "a label, of which the model's card has none"
                      : "one of the labels " + String.join(", ", labels)));
    }
    return OptionalInt.of(place);
  }
}
