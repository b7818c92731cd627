package wherefore.attribution;

import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import wherefore.graph.Graph;
import wherefore.tensor.Tensor;

/**
 * A graph for any number of rows at once: what an {@link Evaluator} runs.
 *
 * <p>The graph for n rows has inputs of first extent n (fed with rows), and inputs that are fed
 * with the same value whatever n; each output has first extent n, a row each. Where the model is a
 * function without a graph, a function stands in the graph's place: from the rows to the outputs.
 *
 * @param graph from the number of rows to the graph
 * @param function runs instead of the graph, if it is there
 */
public record Program(
    IntFunction<Graph> graph, Optional<UnaryOperator<Map<String, Tensor>>> function) {
  /** A graph. */
  public Program(IntFunction<Graph> graph) {
    this(graph, Optional.empty());
  }

  /** A function of the rows, by their names; its outputs have as many rows. */
  public static Program of(UnaryOperator<Map<String, Tensor>> function) {
    return new Program(
        rows -> {
          throw new AttributionException("a function has no graph for " + rows + " rows");
        },
        Optional.of(function));
  }
}
