package wherefore.propagate;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import wherefore.graph.Value;

/** What a node hands to its operands when something arrives at its output. Stateless. */
@ConsumerType
@FunctionalInterface
public interface PropagationRule {
  /**
   * Emits the nodes that compute what the operands receive.
   *
   * @return for an operand's place the value it receives, of the operand's shape; an operand that
   *     is left out receives nothing. Only operands that are {@linkplain Step#wants wanted} matter
   */
  Map<Integer, Value> propagate(Step step);
}
