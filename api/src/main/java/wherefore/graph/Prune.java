package wherefore.graph;

import java.util.Map;

/**
 * Drops the nodes that no output needs, and joins equal ones.
 *
 * <pre>
 * %0 = input(x)                 %0 = input(x)
 * %1 = exp(%0)             →    %1 = neg(%0)
 * %2 = neg(%0)                  return y = %1
 * return y = %2
 * </pre>
 */
public final class Prune implements Rewrite {
  @Override
  public Graph apply(Graph graph) {
    GraphBuilder b = new GraphBuilder();
    Inlined copies = b.inline(graph, Map.of());
    graph.outputs().forEach((name, id) -> b.output(name, copies.of(graph.node(id))));
    return b.build();
  }
}
