package wherefore.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

/**
 * A graph for a batch of rows in three: what a call computes once, what it computes for each batch,
 * and what it makes of the sums over all of its rows.
 *
 * <pre>
 * %1 = conv(%from, %w)                   once:  return wherefore.once:0 = conv(%from, %w)
 * %2 = … expand(%1) … of rows …          each:  %2 = … expand(%wherefore.once:0) … of rows …
 * %3 = the sum of %2's rows           →         return wherefore.sum:0 = %wherefore.sum:0 + %2's rows
 * %4 = convTranspose(%3, %w)             last:  %4 = convTranspose(%wherefore.sum:0, %w)
 * return x = %4                                 return x = %4
 * </pre>
 *
 * <p>{@code each} takes the sums so far and adds its rows one after the other, in float64: the
 * result does not depend on how a call is cut into batches. A sum that is an output as it is
 * becomes an output of rows, for the host to add up.
 *
 * @param once its outputs are inputs of the other two; none if there is nothing to do
 * @param each for each batch
 * @param last its inputs are the sums and what was computed once; no outputs if there are no sums
 */
public record Stages(Graph once, Graph each, Graph last) {
  private static final String SUM = "wherefore.sum:";
  private static final String ONCE = "wherefore.once:";

  /**
   * Cuts a graph.
   *
   * @param graph its sums over rows are those that {@link SumEarly#sum} wrote
   * @param lifts false if nothing is to be computed once, but all for each batch
   */
  public static Stages of(Graph graph, Batch batch, boolean lifts) {
    RowSums sums = new RowSums(graph);
    Map<Integer, String> once = new TreeMap<>();
    if (lifts) {
      for (int id : SharedWork.of(graph, batch)) {
        once.put(id, ONCE + once.size());
      }
    }
    return new Stages(once(graph, once), each(graph, batch, sums, once), last(graph, sums, once));
  }

  /** The inputs of {@link #each} that are sums over the rows so far: name to type. */
  public SequencedMap<String, TensorType> sums() {
    SequencedMap<String, TensorType> sums = new LinkedHashMap<>(each.inputs());
    sums.keySet().removeIf(name -> !name.startsWith(SUM));
    return sums;
  }

  private static Inlined copy(
      GraphBuilder b,
      Graph graph,
      SequencedMap<String, Integer> outputs,
      Map<Integer, Value> bound) {
    Inlined copies = b.inline(new Graph(graph.nodes(), outputs), bound);
    outputs.forEach((name, id) -> b.output(name, copies.of(graph.node(id))));
    return copies;
  }

  private static Map<Integer, Value> inputs(
      GraphBuilder b, Graph graph, Map<Integer, String> once) {
    Map<Integer, Value> inputs = new TreeMap<>();
    once.forEach((id, name) -> inputs.put(id, input(b, name, graph.node(id))));
    return inputs;
  }

  private static Value input(GraphBuilder b, String name, Node node) {
    return b.input(name, node.type().element(), node.shape());
  }

  private static Graph once(Graph graph, Map<Integer, String> once) {
    SequencedMap<String, Integer> outputs = new LinkedHashMap<>();
    once.forEach((id, name) -> outputs.put(name, id));
    GraphBuilder b = new GraphBuilder();
    copy(b, graph, outputs, Map.of());
    return b.build();
  }

  private static Graph each(Graph graph, Batch batch, RowSums sums, Map<Integer, String> once) {
    SequencedMap<String, Integer> needed = new LinkedHashMap<>(sums.rowOutputs());
    int number = 0;
    for (Node rows : sums.used().values()) {
      needed.put(SUM + number++, rows.id());
    }
    GraphBuilder b = new GraphBuilder();
    Inlined copies = b.inline(new Graph(graph.nodes(), needed), inputs(b, graph, once));
    sums.rowOutputs().forEach((name, id) -> b.output(name, copies.of(graph.node(id))));
    number = 0;
    for (Map.Entry<Integer, Node> sum : sums.used().entrySet()) {
      String name = SUM + number++;
      Value before = input(b, name, graph.node(sum.getKey()));
      b.output(name, added(b.at(""), before, copies.of(sum.getValue()), batch.rows()));
    }
    return new Prune().apply(b.build());
  }

  /** The rows with their weights, one after the other. */
  private static Value added(GraphBuilder b, Value before, Value rows, int count) {
    Value weights = SumEarly.weights(b, count);
    Value sum = before;
    for (int k = 0; k < count; k++) {
      Value row = b.cast(b.slice(rows, 0, k, k + 1), ElementType.FLOAT64);
      Value weight = b.reshape(b.slice(weights, 0, k, k + 1), Shape.SCALAR);
      sum = b.add(sum, b.mul(row, weight));
    }
    return sum;
  }

  private static Graph last(Graph graph, RowSums sums, Map<Integer, String> once) {
    GraphBuilder b = new GraphBuilder();
    Map<Integer, Value> bound = inputs(b, graph, once);
    int number = 0;
    for (int id : sums.used().keySet()) {
      bound.put(id, input(b, SUM + number++, graph.node(id)));
    }
    copy(b, graph, sums.lateOutputs(), bound);
    return new Prune().apply(b.build());
  }
}
