package wherefore.attribution;

import java.util.Set;

/**
 * What a method says of itself.
 *
 * @param question the question it answers, a sentence
 * @param needs what it must have
 * @param cost in forward (F) and backward (B) passes, with option names as variables: {@code steps
 *     × (F + B)}
 * @param source the paper
 * @param form what its answer has numbers for
 */
public record MethodInfo(String question, Set<Need> needs, String cost, String source, Form form) {
  /** Copies the set. */
  public MethodInfo {
    needs = Set.copyOf(needs);
  }

  /** Of a method that answers for each element. */
  public MethodInfo(String question, Set<Need> needs, String cost, String source) {
    this(question, needs, cost, source, Form.ELEMENTS);
  }
}
