package wherefore.attribution;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which number is explained: an element of the model's output, or of any layer's.
 *
 * @param choice which element
 * @param layer the layer, or empty for the model's first output
 * @param probability true for the probability; false for the raw logit, also where the model ends
 *     in a softmax or sigmoid
 */
public record Target(Choice choice, Optional<String> layer, boolean probability) {
  private static final String NUMBERS = "\\d+(?:\\s*,\\s*\\d+)*";
  private static final Pattern INDEX = Pattern.compile(NUMBERS);
  private static final Pattern NEURON = Pattern.compile("(.+)\\[(" + NUMBERS + ")]");

  /** How the element is named. */
  public sealed interface Choice {
    /** The largest element of the output at the input that is explained. */
    record Predicted() implements Choice {}

    /** By its place behind the batch axis, one number an axis. */
    record Index(List<Integer> place) implements Choice {
      /** Copies the list. */
      public Index {
        place = List.copyOf(place);
      }
    }

    /** By its label on the model's card. */
    record Label(String label) implements Choice {}
  }

  /** The largest output, as a logit. */
  public static final Target PREDICTED =
      new Target(new Choice.Predicted(), Optional.empty(), false);

  /** An output by its place, as a logit. */
  public static Target of(Integer... place) {
    return new Target(new Choice.Index(List.of(place)), Optional.empty(), false);
  }

  /** This target as a probability. */
  public Target asProbability() {
    return new Target(choice, layer, true);
  }

  /**
   * Reads the short form: {@code predicted}, {@code 7}, {@code 3,4}, a label, or a neuron as {@code
   * layer[3,4,4]}.
   */
  public static Target parse(String text) {
    String trimmed = text.strip();
    Matcher neuron = NEURON.matcher(trimmed);
    if (trimmed.isEmpty() || trimmed.equals("predicted")) {
      return PREDICTED;
    }
    if (INDEX.matcher(trimmed).matches()) {
      return new Target(index(trimmed), Optional.empty(), false);
    }
    return neuron.matches()
        ? new Target(index(neuron.group(2)), Optional.of(neuron.group(1)), false)
        : new Target(new Choice.Label(trimmed), Optional.empty(), false);
  }

  private static Choice index(String numbers) {
    return new Choice.Index(
        Arrays.stream(numbers.split(",")).map(String::strip).map(Integer::valueOf).toList());
  }

  /** The short form; {@link #parse} reads it back, but for {@link #probability}. */
  @Override
  public String toString() {
    String element =
        switch (choice) {
          case Choice.Predicted p -> "predicted";
          case Choice.Label l -> l.label();
          case Choice.Index i ->
              i.place().stream().map(String::valueOf).collect(Collectors.joining(","));
        };
    return layer.map(l -> l + "[" + element + "]").orElse(element);
  }
}
