package wherefore.attribution;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import wherefore.tensor.Tensor;

/**
 * The answer. Attributions are signed, raw and never rescaled; a picture may do that, and says so.
 *
 * @param values variable (an input's or a layer's name) to attribution, float64, of its shape
 * @param errors variable to standard error, where the method samples
 * @param facts numbers beside: {@code residual}, {@code steps}, …
 * @param provenance how it came to be; empty until the {@link Attributor} has added it
 */
public record Attribution(
    SequencedMap<String, Tensor> values,
    SequencedMap<String, Tensor> errors,
    SequencedMap<String, Double> facts,
    Optional<Provenance> provenance) {
  /** Copies the maps. */
  public Attribution {
    values = copy(values);
    errors = copy(errors);
    facts = copy(facts);
  }

  private static <V> SequencedMap<String, V> copy(Map<String, V> map) {
    return Collections.unmodifiableSequencedMap(new LinkedHashMap<>(map));
  }

  /** An answer without errors and facts. */
  public static Attribution of(Map<String, Tensor> values) {
    return new Attribution(
        new LinkedHashMap<>(values),
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        Optional.empty());
  }

  /** This answer with one fact more. */
  public Attribution fact(String name, double value) {
    SequencedMap<String, Double> more = new LinkedHashMap<>(facts);
    more.put(name, value);
    return new Attribution(values, errors, more, provenance);
  }

  /** This answer with standard errors. */
  public Attribution withErrors(Map<String, Tensor> standardErrors) {
    return new Attribution(values, new LinkedHashMap<>(standardErrors), facts, provenance);
  }

  /** This answer with how it came to be. */
  public Attribution with(Provenance how) {
    return new Attribution(values, errors, facts, Optional.of(how));
  }

  /** The attribution to the first variable: the whole answer for a model with one input. */
  public Tensor value() {
    return values.firstEntry().getValue();
  }

  /** The sum of all attributions, in float64. */
  public double sum() {
    return values.values().stream()
        .mapToDouble(
            t -> {
              double sum = 0;
              for (double v : t.toDoubles()) {
                sum += v;
              }
              return sum;
            })
        .sum();
  }
}
