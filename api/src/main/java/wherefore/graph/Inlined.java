package wherefore.graph;

import java.util.Map;
import java.util.Optional;

/**
 * Where the nodes of a graph went that was copied into another one ({@link GraphBuilder#inline}).
 */
public final class Inlined {
  private final Map<Integer, Value> values;

  Inlined(Map<Integer, Value> values) {
    this.values = Map.copyOf(values);
  }

  /** The value of a node of the copied graph, if it was needed. */
  public Optional<Value> find(Node node) {
    return Optional.ofNullable(values.get(node.id()));
  }

  /**
   * The value of a node of the copied graph.
   *
   * @throws GraphException if no output needed it
   */
  public Value of(Node node) {
    return find(node)
        .orElseThrow(() -> new GraphException(node.describe() + ": no output depends on it"));
  }
}
