package wherefore.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a model says of an input.
 *
 * @param model the model's name
 * @param input where the input came from
 * @param output the name of the model's output
 * @param top its largest elements, the largest first
 */
public record Prediction(String model, String input, String output, List<Candidate> top)
    implements Shown {
  /**
   * An element of the output.
   *
   * @param place behind the batch axis: {@code 7}
   * @param label the card's label for it, or its place
   * @param logit the raw value
   * @param probability empty where a value can't be one, as for a regression
   */
  public record Candidate(String place, String label, double logit, Optional<Double> probability) {
    /** {@code seven (7): probability 0.998, logit 12.3}. */
    String text() {
      String name = label.equals(place) ? place : label + " (" + place + ")";
      return name
          + probability.map(p -> ": probability " + Numbers.text(p) + ", logit ").orElse(": ")
          + Numbers.text(logit);
    }
  }

  /** Copies the list. */
  public Prediction {
    top = List.copyOf(top);
  }

  @Override
  public String shown() {
    List<List<String>> cells = new ArrayList<>();
    boolean isChance = top.stream().anyMatch(c -> c.probability().isPresent());
    cells.add(List.of("PLACE", "LABEL", "PROBABILITY", isChance ? "LOGIT" : "VALUE"));
    for (Candidate c : top) {
      String probability = c.probability().map(Numbers::text).orElse("-");
      cells.add(List.of(c.place(), c.label(), probability, Numbers.text(c.logit())));
    }
    return Listing.aligned(cells);
  }
}
