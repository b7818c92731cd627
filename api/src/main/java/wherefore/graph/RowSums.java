package wherefore.graph;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/** The weighted sums over rows in a graph, and what depends on them. */
final class RowSums {
  private final SequencedMap<Integer, Node> used = new LinkedHashMap<>();
  private final SequencedMap<String, Integer> rowOutputs = new LinkedHashMap<>();
  private final SequencedMap<String, Integer> lateOutputs = new LinkedHashMap<>();

  RowSums(Graph graph) {
    SequencedMap<Integer, Node> all = new LinkedHashMap<>();
    BitSet late = new BitSet();
    for (Node node : graph.nodes()) {
      for (int in : node.inputs()) {
        if (all.containsKey(in)) {
          used.put(in, rows(graph, all.get(in)));
        }
      }
      if (node.inputs().stream().anyMatch(in -> late.get(in) || all.containsKey(in))) {
        late.set(node.id());
      } else {
        SumEarly.summed(graph, node).ifPresent(x -> all.put(node.id(), x));
      }
    }
    graph
        .outputs()
        .forEach(
            (name, id) -> {
              Node summed = all.get(id);
              (late.get(id) ? lateOutputs : rowOutputs)
                  .put(name, summed == null ? id : rows(graph, summed).id());
            });
  }

  /** What is summed, before it was made float64. */
  private static Node rows(Graph graph, Node summed) {
    return Optional.of(summed)
        .filter(x -> x.op() instanceof Primitive.Cast)
        .map(x -> graph.operands(x).get(0))
        .filter(x -> x.type().element().isFloating())
        .orElse(summed);
  }

  /** The sums that something is computed from: their nodes and what they sum, in order. */
  SequencedMap<Integer, Node> used() {
    return used;
  }

  /** The outputs that have rows; a sum's is what it sums. */
  SequencedMap<String, Integer> rowOutputs() {
    return rowOutputs;
  }

  /** The outputs that are computed from sums. */
  SequencedMap<String, Integer> lateOutputs() {
    return lateOutputs;
  }
}
