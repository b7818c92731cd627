package wherefore.shell;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import wherefore.shell.Prediction.Candidate;

/**
 * What becomes of a model's output when something within the model is set.
 *
 * @param model the model's name
 * @param input where the input came from
 * @param settings what was set
 * @param before the largest element of the output without them
 * @param after the same with them
 * @param changes the elements that are among the largest before or after, the largest after first
 */
public record Intervened(
    String model,
    String input,
    List<Setting> settings,
    Candidate before,
    Candidate after,
    List<Change> changes)
    implements Shown {
  /**
   * Something that was set.
   *
   * @param name its concept's name, or its unit
   * @param unit {@code conv1[3]}
   * @param elements how many numbers it is
   * @param before their mean as the model computes them
   * @param after what all of them were set to
   */
  public record Setting(String name, String unit, int elements, double before, double after) {
    String text() {
      return "%s%s: %s, set to %s"
          .formatted(
              name.equals(unit) ? unit : name + " (" + unit + ")",
              elements == 1 ? "" : " of " + elements + " elements, mean",
              Numbers.text(before),
              Numbers.text(after));
    }
  }

  /** An element of the output before and after. */
  public record Change(Candidate before, Candidate after) {
    List<String> cells() {
      return List.of(
          before.place(),
          before.label(),
          Numbers.text(before.logit()),
          Numbers.text(after.logit()),
          Numbers.text(after.logit() - before.logit()),
          chance(before.probability()),
          chance(after.probability()));
    }

    private static String chance(Optional<Double> probability) {
      return probability.map(Numbers::text).orElse("-");
    }
  }

  /** Copies the lists. */
  public Intervened {
    settings = List.copyOf(settings);
    changes = List.copyOf(changes);
  }

  /**
   * @param before all elements, the largest first
   * @param after the same
   * @param top how many of each are told
   */
  static Intervened of(List<Setting> settings, Prediction before, Prediction after, int top) {
    Set<String> places = new LinkedHashSet<>();
    after.top().stream().limit(top).forEach(c -> places.add(c.place()));
    before.top().stream().limit(top).forEach(c -> places.add(c.place()));
    List<Change> changes =
        places.stream().map(p -> new Change(at(before, p), at(after, p))).toList();
    return new Intervened(
        before.model(), before.input(), settings, before.top().get(0), after.top().get(0), changes);
  }

  private static Candidate at(Prediction prediction, String place) {
    return prediction.top().stream()
        .filter(c -> c.place().equals(place))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no output has the place " + place));
  }

  @Override
  public String shown() {
    List<List<String>> head = new ArrayList<>();
    settings.forEach(s -> head.add(List.of("set", s.text())));
    head.add(List.of("before", before.text()));
    head.add(List.of("after", after.text()));
    List<List<String>> cells = new ArrayList<>();
    cells.add(
        List.of("PLACE", "LABEL", "BEFORE", "AFTER", "CHANGE", "CHANCE BEFORE", "CHANCE AFTER"));
    changes.forEach(c -> cells.add(c.cells()));
    return Listing.aligned(head) + "\n\n" + Listing.aligned(cells);
  }
}
