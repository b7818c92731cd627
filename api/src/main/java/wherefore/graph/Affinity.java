package wherefore.graph;

import java.util.BitSet;
import java.util.Optional;
import java.util.Set;

/** Whether a graph's output is an affine function of some of its nodes. */
public final class Affinity {
  private Affinity() {}

  /**
   * The first node on the way that is not affine in what reaches it; empty if the output is affine
   * in the sources, all of them together.
   *
   * @param sources nodes, by their ids; what they are computed from does not count
   * @param output a node's id
   */
  public static Optional<Node> obstacle(Graph graph, Set<Integer> sources, int output) {
    BitSet needed = graph.needed(output);
    BitSet varies = new BitSet();
    sources.forEach(varies::set);
    for (Node node : graph.nodes()) {
      if (!needed.get(node.id())
          || sources.contains(node.id())
          || node.inputs().stream().noneMatch(varies::get)) {
        continue;
      }
      if (!isAffine(graph, node, varies)) {
        return Optional.of(node);
      }
      varies.set(node.id());
    }
    return Optional.empty();
  }

  private static boolean isAffine(Graph graph, Node node, BitSet varies) {
    Set<Integer> places =
        Linearity.places(graph, node, place -> varies.get(node.inputs().get(place)));
    for (int place = 0; place < node.inputs().size(); place++) {
      if (varies.get(node.inputs().get(place)) && !places.contains(place)) {
        return false;
      }
    }
    return true;
  }
}
