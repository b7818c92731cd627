package wherefore.metric;

import org.osgi.annotation.versioning.ConsumerType;
import wherefore.attribution.Attribution;
import wherefore.attribution.AttributionRequest;
import wherefore.attribution.Evaluator;
import wherefore.attribution.Option;

/**
 * Measures an attribution. Stateless and thread-safe, with a public constructor without arguments.
 *
 * @param <O> its options: a record whose components bear {@link Option}
 */
@ConsumerType
public interface Metric<O extends Record> {
  /** Its id, the field's name for it in kebab-case. */
  String id();

  /** Its options record. */
  Class<O> options();

  /** What it says of itself. */
  MetricInfo info();

  /**
   * Measures.
   *
   * @param request what was asked
   * @param attribution what was answered
   * @param options checked
   * @param evaluator runs what the metric builds; belongs to this call
   */
  Score measure(
      AttributionRequest request, Attribution attribution, O options, Evaluator evaluator);
}
