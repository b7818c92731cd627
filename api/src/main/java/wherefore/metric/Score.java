package wherefore.metric;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What a {@link Metric} found.
 *
 * @param value the number
 * @param details numbers beside, in order
 */
public record Score(double value, SequencedMap<String, Double> details) {
  /** Copies the map. */
  public Score {
    details = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(details));
  }

  /** A number without details. */
  public static Score of(double value) {
    return new Score(value, new LinkedHashMap<>(Map.of()));
  }
}
