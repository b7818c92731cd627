package wherefore.backend.cpu;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import wherefore.backend.cpu.onednn.Scope;
import wherefore.compute.PlanStep;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Multiplications;
import wherefore.graph.Node;
import wherefore.graph.TensorType;
import wherefore.tensor.Tensor;

/** The steps of a graph, with places for all they read and write. */
final class Plan implements AutoCloseable {
  private final SequencedMap<String, TensorType> inputs;
  private final Map<String, View> fed = new LinkedHashMap<>();
  private final Map<String, View> results = new LinkedHashMap<>();
  private final Map<String, TensorType> types = new LinkedHashMap<>();
  private final List<Step> steps;
  private final Constants.Lease lease;
  private final Scope scope;
  private final int threads;
  private final List<PlanStep> untimed;
  private final Clock clock;
  private long arenaBytes;

  Plan(Graph asked, Planner planner, Constants.Lease lease, Scope scope, int threads) {
    this.inputs = asked.inputs();
    this.steps = planner.steps();
    this.lease = lease;
    this.scope = scope;
    this.threads = threads;
    Graph graph = planner.graph();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Leaf.Input input) {
        fed.put(input.name(), planner.view(node.id()));
      }
    }
    graph
        .outputs()
        .forEach(
            (name, id) -> {
              results.put(name, planner.dense(planner.view(id)));
              types.put(name, graph.node(id).type());
            });
    this.untimed = steps.stream().map(s -> untimed(planner, s)).toList();
    this.clock = new Clock(steps.size());
  }

  private static PlanStep untimed(Planner planner, Step step) {
    Graph graph = planner.graph();
    Node node = graph.node(step.node());
    long operations =
        step.name().startsWith("conv") || step.name().startsWith("matmul")
            ? 2 * Multiplications.of(graph, planner.fusion().head(node))
            : 0;
    long bytes = step.writes().stream().mapToLong(b -> b.bytes).sum();
    return new PlanStep(node.toString(), node.origin(), step.name(), 0, bytes, operations);
  }

  void place(boolean inPlace) {
    arenaBytes =
        Memory.plan(
            steps,
            fed.values().stream().map(View::buffer).toList(),
            results.values().stream().map(View::buffer).toList(),
            inPlace);
  }

  /** What the graph takes, whether or not a rewrite has dropped it. */
  SequencedMap<String, TensorType> inputs() {
    return inputs;
  }

  List<Step> steps() {
    return steps;
  }

  long arenaBytes() {
    return arenaBytes;
  }

  long constantBytes() {
    return lease.bytes();
  }

  int threads() {
    return threads;
  }

  Clock clock() {
    return clock;
  }

  Iterable<String> outputs() {
    return results.keySet();
  }

  /** Writes what is fed. */
  void write(Frame frame, Map<String, Tensor> feeds) {
    fed.forEach(
        (name, view) -> {
          Tensor tensor = Objects.requireNonNull(feeds.get(name));
          Transfer.in(frame.segment(view.buffer()), tensor.to(view.type()));
        });
  }

  /** Reads an output. */
  Tensor read(Frame frame, String output) {
    View view = Objects.requireNonNull(results.get(output));
    TensorType type = Objects.requireNonNull(types.get(output));
    return Transfer.out(frame.segment(view.buffer()), type.element(), type.shape());
  }

  @Override
  public void close() {
    scope.close();
    lease.close();
  }

  /** The steps with their mean times so far. */
  List<PlanStep> timed() {
    List<PlanStep> timed = new ArrayList<>();
    for (PlanStep s : untimed) {
      double millis = clock.mean(timed.size());
      timed.add(new PlanStep(s.node(), s.layer(), s.kernel(), millis, s.bytes(), s.operations()));
    }
    return timed;
  }

  /** A step a line: its mean time in ms, what it writes, what runs, the node that it yields. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (PlanStep s : timed()) {
      text.append(
          "%9.3f ms %,12d B  %s  # %s%n".formatted(s.millis(), s.bytes(), s.kernel(), s.node()));
    }
    return text
        + "%d steps, %.3f ms, arena %,d bytes, constants %,d bytes, %d threads"
            .formatted(steps.size(), clock.mean(), arenaBytes, constantBytes(), threads);
  }
}
