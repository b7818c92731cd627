package wherefore.graph;

import wherefore.tensor.Tensor;

/** An operator without inputs. */
public sealed interface Leaf extends Op {
  /**
   * A value that is fed at each run.
   *
   * @param name unique in the graph
   */
  record Input(String name, TensorType type) implements Leaf {}

  /** A value that is the same at each run: a weight, an index, a number. */
  record Constant(Tensor value) implements Leaf {}
}
