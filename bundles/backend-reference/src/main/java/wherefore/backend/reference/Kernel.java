package wherefore.backend.reference;

import java.util.List;

/** Computes one node. It never writes to its operands, and may hand one's elements on. */
@FunctionalInterface
interface Kernel {
  /** What the node yields, given its operands. */
  Array apply(List<Array> in, Work work);
}
