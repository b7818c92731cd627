package wherefore.attribution;

import java.util.function.IntFunction;
import wherefore.graph.Graph;

/**
 * A graph for any number of rows at once: what an {@link Evaluator} runs.
 *
 * <p>The graph for n rows has inputs of first extent n (fed with rows), and inputs that are fed
 * with the same value whatever n; each output has first extent n, a row each.
 *
 * @param graph from the number of rows to the graph
 */
public record Program(IntFunction<Graph> graph) {}
