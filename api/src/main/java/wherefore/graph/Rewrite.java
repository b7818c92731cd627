package wherefore.graph;

/**
 * A change of a graph that leaves its function, outputs and their types as they are. One class
 * each; its Javadoc shows before and after.
 */
@FunctionalInterface
public interface Rewrite {
  /** The changed graph, or the same one where there was nothing to do. */
  Graph apply(Graph graph);

  /** The name that logs and errors use. */
  default String name() {
    return getClass().getSimpleName();
  }

  /**
   * Applies rewrites one after the other and checks after each that the outputs' types are what
   * they were.
   *
   * @throws GraphException naming the rewrite that broke the graph
   */
  static Graph all(Graph graph, Iterable<? extends Rewrite> rewrites) {
    Graph current = graph;
    for (Rewrite rewrite : rewrites) {
      current = checked(current, rewrite);
    }
    return current;
  }

  private static Graph checked(Graph before, Rewrite rewrite) {
    Graph after;
    try {
      after = rewrite.apply(before);
    } catch (GraphException e) {
      throw new GraphException("rewrite " + rewrite.name() + " failed: " + e.getMessage(), e);
    }
    for (String name : before.outputs().keySet()) {
      TensorType was = before.output(name).type();
      if (!after.outputs().containsKey(name) || !after.output(name).type().equals(was)) {
        throw new GraphException(
            "rewrite %s changed output %s, which was %s".formatted(rewrite.name(), name, was));
      }
    }
    return after;
  }
}
