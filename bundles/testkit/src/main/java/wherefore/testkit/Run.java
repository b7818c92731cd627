package wherefore.testkit;

import java.util.Map;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeBackend;
import wherefore.compute.Executable;
import wherefore.graph.Graph;
import wherefore.tensor.Tensor;

/** Runs a graph once. */
public final class Run {
  private Run() {}

  /** All outputs. */
  public static Map<String, Tensor> graph(
      ComputeBackend backend, Graph graph, Map<String, Tensor> feeds) {
    try (Executable executable = backend.compile(graph)) {
      return executable.run(feeds, Cancellation.NEVER);
    }
  }

  /** One output. */
  public static Tensor output(
      ComputeBackend backend, Graph graph, Map<String, Tensor> feeds, String name) {
    return get(graph(backend, graph, feeds), name);
  }

  /** The tensor of that name. */
  public static Tensor get(Map<String, Tensor> outputs, String name) {
    Tensor tensor = outputs.get(name);
    if (tensor == null) {
      throw new AssertionError("no output " + name + "; there are " + outputs.keySet());
    }
    return tensor;
  }
}
