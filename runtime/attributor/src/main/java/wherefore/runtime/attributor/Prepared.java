package wherefore.runtime.attributor;

import java.util.Map;
import java.util.stream.Collectors;
import wherefore.attribution.AttributionException;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Prune;
import wherefore.graph.Stages;
import wherefore.graph.TensorType;

/**
 * A task's graphs for batches of one size.
 *
 * @param program the program's graph, as it was
 * @param sums the inputs and outputs of {@code each} that are sums so far
 */
record Prepared(
    Task task,
    int rows,
    Graph program,
    Step once,
    Step each,
    Step last,
    Map<String, TensorType> sums) {
  /** A graph and its key. */
  record Step(Graph graph, String key) {
    static Step of(Graph graph) {
      return new Step(graph, CompiledGraphs.key(graph));
    }

    boolean isEmpty() {
      return graph.outputs().isEmpty();
    }
  }

  static Prepared of(Task task, int rows, Rewrites rewrites) {
    Graph program = task.program().graph().apply(rows);
    if (!hasRows(program, rows)) {
      Step nothing = Step.of(new GraphBuilder().build());
      return new Prepared(
          task, rows, program, nothing, Step.of(new Prune().apply(program)), nothing, Map.of());
    }
    Graph asked = task.summed() ? Task.summed(program) : program;
    Stages s = rewrites.stages(asked, task.batch(rows));
    return new Prepared(
        task, rows, program, Step.of(s.once()), Step.of(s.each()), Step.of(s.last()), s.sums());
  }

  private static boolean hasRows(Graph program, int rows) {
    return program.outputs().values().stream()
        .map(id -> program.node(id).shape())
        .allMatch(s -> s.rank() > 0 && s.dim(0) == rows);
  }

  boolean hasRows() {
    return hasRows(program, rows);
  }

  /**
   * @throws AttributionException if the program does not yield as many rows as it was fed with
   */
  Prepared checked() {
    if (!hasRows()) {
      throw new AttributionException(
          "a program for %d rows yields %s; each must have as many rows"
              .formatted(rows, outputs()));
    }
    return this;
  }

  private String outputs() {
    return program.outputs().entrySet().stream()
        .map(o -> o.getKey() + " " + program.node(o.getValue()).type())
        .collect(Collectors.joining(", "));
  }

  /** True if sums can go from batches of the other's size to batches of this. */
  boolean endsLike(Prepared other) {
    return last.key().equals(other.last.key()) && sums.equals(other.sums);
  }
}
