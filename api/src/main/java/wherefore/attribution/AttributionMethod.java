package wherefore.attribution;

import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import wherefore.graph.Value;

/**
 * A way to answer an {@link AttributionRequest}. Stateless and thread-safe, with a public
 * constructor without arguments: what it works with comes as arguments, so that it can be swapped
 * at any time.
 *
 * @param <O> its options: a record whose components bear {@link Option}
 */
@ConsumerType
public interface AttributionMethod<O extends Record> {
  /** Its id, the field's name for it in kebab-case: {@code integrated-gradients}. */
  String id();

  /** Its options record; {@link Options.None} if it has none. */
  Class<O> options();

  /** What it says of itself. */
  MethodInfo info();

  /**
   * The layer that is explained where a request names none; empty to explain the inputs.
   *
   * @throws AttributionException if the method needs one and the model has none that fits
   */
  default Optional<String> layer(AttributionRequest request) {
    return Optional.empty();
  }

  /**
   * What is computed in the forward pass at the request's input, the one that finds the target, so
   * that a method which needs no other point needs no second pass.
   *
   * @param request the question, with the layer that is explained
   * @param options the request's options, checked
   * @param trace the function at the request's input, one row; nodes go into its builder
   * @return values by name; {@link Evaluator#firstPass} gives back what they are
   */
  default Map<String, Value> firstPass(AttributionRequest request, O options, Subject.Trace trace) {
    return Map.of();
  }

  /**
   * Answers.
   *
   * @param request the question, with the layer that is explained
   * @param options the request's options, checked
   * @param evaluator runs what the method builds; belongs to this call
   * @return attributions of the {@linkplain Form form} that {@link #info} says, and the facts that
   *     a user must know; provenance is added by the caller
   * @throws AttributionException if it can't be answered as asked
   */
  Attribution attribute(AttributionRequest request, O options, Evaluator evaluator);
}
