package wherefore.graph;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** What a graph computes from inputs that are the same for all batches. */
final class SharedWork {
  /** What a value must cost for each of its elements, to be computed once and fed. */
  private static final double WORTH = 4 * Work.ELEMENT;

  private SharedWork() {}

  /** The nodes that are worth being computed once and that something else needs. */
  static SortedSet<Integer> of(Graph graph, Batch batch) {
    boolean[] worth = worth(graph, batch);
    SortedSet<Integer> found = new TreeSet<>();
    for (Node node : graph.nodes()) {
      if (!worth[node.id()]) {
        node.inputs().stream().filter(i -> worth[i]).forEach(found::add);
      }
    }
    graph.outputs().values().stream().filter(i -> worth[i]).forEach(found::add);
    return found;
  }

  private static boolean[] worth(Graph graph, Batch batch) {
    int count = graph.nodes().size();
    boolean[] worth = new boolean[count];
    boolean[] varies = new boolean[count];
    boolean[] fed = new boolean[count];
    double[] cost = new double[count];
    for (Node node : graph.nodes()) {
      int id = node.id();
      List<Integer> in = node.inputs().stream().distinct().toList();
      varies[id] = batch.feeds(node.op()) || in.stream().anyMatch(i -> varies[i]);
      fed[id] = node.op() instanceof Leaf.Input || in.stream().anyMatch(i -> fed[i]);
      cost[id] = Work.of(graph, node) + in.stream().mapToDouble(i -> cost[i]).sum();
      worth[id] = fed[id] && !varies[id] && cost[id] > WORTH * node.shape().size();
    }
    return worth;
  }
}
