package wherefore.graph;

import java.util.BitSet;
import java.util.List;
import java.util.Set;

/** Where a sum over rows is best made: at a value, or at what it is computed from linearly. */
final class SumPlaces {
  private final Graph graph;
  private final RowForms forms;
  private final int[] users;
  private final double[] stopped;
  private final double[] least;
  private final BitSet crossed = new BitSet();

  SumPlaces(Graph graph, RowForms forms) {
    this.graph = graph;
    this.forms = forms;
    this.users = new int[graph.nodes().size()];
    this.stopped = new double[users.length];
    this.least = new double[users.length];
    graph.nodes().forEach(n -> n.inputs().stream().distinct().forEach(i -> users[i]++));
    graph.outputs().values().forEach(i -> users[i]++);
    graph.nodes().forEach(this::choose);
  }

  /** True if the operands are summed rather than the value itself. */
  boolean isCrossed(int id) {
    return crossed.get(id);
  }

  /** Cost a row of the value's sum, if it is made here ({@code stopped}) or where it is best. */
  private void choose(Node node) {
    int id = node.id();
    if (!forms.varies(id)) {
      return;
    }
    int rows = forms.batch().rows();
    stopped[id] = 0;
    double here = Work.SUMMED * node.shape().size() / rows;
    least[id] = here;
    Set<Integer> places = forms.affineIn(node);
    if (places.isEmpty() || users[id] > 1 || Linearity.hasConstant(node)) {
      return;
    }
    double own = Work.of(graph, node) / rows;
    stopped[id] = own + total(node, places, stopped);
    double moved = (own + Work.EXTRA) / forms.batch().total() + total(node, places, least);
    if (moved < here + stopped[id]) {
      crossed.set(id);
      least[id] = moved;
    } else {
      least[id] = here + stopped[id];
    }
  }

  private static double total(Node node, Set<Integer> places, double[] costs) {
    List<Integer> in = node.inputs();
    return places.stream().mapToInt(in::get).distinct().mapToDouble(i -> costs[i]).sum();
  }
}
