package wherefore.attribution;

import org.osgi.annotation.versioning.ConsumerType;

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
   * Answers.
   *
   * @param request the question
   * @param options the request's options, checked
   * @param evaluator runs what the method builds; belongs to this call
   * @return for each {@linkplain Subject#variables variable} an attribution of its shape, and the
   *     facts that a user must know; provenance is added by the caller
   * @throws AttributionException if it can't be answered as asked
   */
  Attribution attribute(AttributionRequest request, O options, Evaluator evaluator);
}
