package wherefore.graph;

import java.util.Arrays;

/** When each value of a graph is last used, and how much memory that makes necessary. */
public final class Liveness {
  private final Graph graph;
  private final int[] lastUse;

  private Liveness(Graph graph) {
    this.graph = graph;
    this.lastUse = new int[graph.nodes().size()];
    Arrays.setAll(lastUse, i -> i);
    for (Node node : graph.nodes()) {
      node.inputs().forEach(in -> lastUse[in] = node.id());
    }
    graph.outputs().values().forEach(id -> lastUse[id] = Integer.MAX_VALUE);
  }

  /** The analysis of a graph. */
  public static Liveness of(Graph graph) {
    return new Liveness(graph);
  }

  /** The id of the last node that uses this one; {@code Integer.MAX_VALUE} for an output. */
  public int lastUse(int id) {
    return lastUse[id];
  }

  /** The largest sum of bytes of values alive at one time, constants not counted. */
  public long peakBytes() {
    long[] released = new long[graph.nodes().size() + 1];
    long alive = 0;
    long peak = 0;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf.Constant) {
        continue;
      }
      alive += node.type().bytes();
      peak = Math.max(peak, alive);
      if (lastUse[node.id()] < released.length) {
        released[lastUse[node.id()]] += node.type().bytes();
      }
      alive -= released[node.id()];
    }
    return peak;
  }

  /** The bytes of the graph's constants. */
  public long constantBytes() {
    return graph.nodes().stream()
        .filter(n -> n.op() instanceof Leaf.Constant)
        .mapToLong(n -> n.type().bytes())
        .sum();
  }
}
