package wherefore.attribution;

import java.util.List;

/**
 * An option as help and forms show it.
 *
 * @param name kebab-case
 * @param type {@code int}, {@code long}, {@code double}, {@code boolean}, {@code string}, {@code
 *     enum}
 * @param description a sentence
 * @param byDefault the default in text form
 * @param min the least number allowed
 * @param max the greatest number allowed
 * @param unit what the number counts, or empty
 * @param values of an enum: all of them
 */
public record OptionSpec(
    String name,
    String type,
    String description,
    String byDefault,
    double min,
    double max,
    String unit,
    List<String> values) {
  /** Copies the list. */
  public OptionSpec {
    values = List.copyOf(values);
  }
}
