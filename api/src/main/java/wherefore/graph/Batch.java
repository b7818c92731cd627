package wherefore.graph;

import java.util.Set;

/**
 * What a graph computes at once: so many of the rows of a call.
 *
 * <p>Inputs that are no rows have the same value for all batches of the call.
 *
 * @param rows how many the graph takes; the first extent of the inputs named
 * @param total how many the call has, in all batches; what a rewrite decides does not depend on
 *     {@code rows}, so that batches of any size are computed alike
 * @param inputs the names of the inputs that rows are fed to
 */
public record Batch(int rows, int total, Set<String> inputs) {
  /** Copies the set. */
  public Batch {
    inputs = Set.copyOf(inputs);
    if (rows < 1 || total < rows) {
      throw new IllegalArgumentException("a batch of " + rows + " rows of " + total);
    }
  }

  /** True if an operator is an input that rows are fed to. */
  public boolean feeds(Op op) {
    return op instanceof Leaf.Input input && inputs.contains(input.name());
  }
}
