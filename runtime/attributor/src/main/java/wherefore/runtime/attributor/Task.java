package wherefore.runtime.attributor;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import wherefore.attribution.Program;
import wherefore.graph.Batch;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Inlined;
import wherefore.graph.SumEarly;

/**
 * A program to be run over rows.
 *
 * @param about how many rows there are, up to the next power of two: for runs of one program over
 *     different numbers of rows, few graphs are made
 * @param fed the inputs that rows are fed to
 * @param summed true if the sums over the rows belong to the graph
 */
record Task(Program program, int about, Set<String> fed, boolean summed) {
  Task {
    fed = Set.copyOf(fed);
  }

  /**
   * A program to be run over so many rows.
   *
   * @param fed a row's feeds
   */
  static Task of(Program program, int total, Set<String> fed, boolean summed) {
    int power = Integer.highestOneBit(total);
    return new Task(program, power == total ? total : 2 * power, fed, summed);
  }

  Batch batch(int rows) {
    Set<String> inputs = new HashSet<>(fed);
    inputs.add(SumEarly.WEIGHTS);
    return new Batch(rows, about, inputs);
  }

  /** The program's graph with each output that has numbers replaced by its weighted sum. */
  static Graph summed(Graph graph) {
    GraphBuilder b = new GraphBuilder();
    Inlined copies = b.inline(graph, Map.of());
    graph
        .outputs()
        .forEach((name, id) -> b.output(name, SumEarly.sum(b.at(""), copies.of(graph.node(id)))));
    return b.build();
  }
}
