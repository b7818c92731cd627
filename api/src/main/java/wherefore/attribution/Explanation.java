package wherefore.attribution;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A question with its answer: what is kept.
 *
 * @param request what was asked
 * @param attribution what was answered, with provenance
 * @param sources where each input came from, by its name
 */
public record Explanation(
    AttributionRequest request, Attribution attribution, Map<String, String> sources) {
  /** Copies the map. */
  public Explanation {
    sources = Collections.unmodifiableMap(new TreeMap<>(sources));
  }

  /**
   * The question that gives this answer again, bit for bit on the same backend: everything that was
   * left open is as it was resolved.
   */
  public AttributionRequest again() {
    Provenance p =
        attribution
            .provenance()
            .orElseThrow(
                () ->
                    new AttributionException("an attribution without provenance is not replayed"));
    Target target = Target.parse(p.target());
    AttributionRequest asked =
        request
            .withOptions(p.options())
            .withTarget(p.probability() ? target.asProbability() : target)
            .withSeed(p.seed());
    return p.backend().equals(Provenance.FUNCTION) ? asked : asked.withBackend(p.backend());
  }
}
