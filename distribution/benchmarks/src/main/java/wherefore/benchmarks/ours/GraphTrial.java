package wherefore.benchmarks.ours;

import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import wherefore.benchmarks.Flops;
import wherefore.benchmarks.Trial;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeBackend;
import wherefore.compute.Executable;
import wherefore.graph.Graph;
import wherefore.tensor.Tensor;

/** A graph on the CPU backend: compiled once, run often. */
public final class GraphTrial implements Trial {
  private final Executable executable;
  private final Map<String, Tensor> feeds;
  private final String output;
  private final double flops;
  private @Nullable Tensor last;

  /**
   * @param output what the sides are compared by
   */
  public GraphTrial(Graph graph, Map<String, Tensor> feeds, String output) {
    this.executable = backend().compile(graph);
    this.feeds = feeds;
    this.output = output;
    this.flops = Flops.of(graph);
  }

  /** Our backend, with the settings of this process. */
  public static ComputeBackend backend() {
    return ServiceLoader.load(ComputeBackend.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(b -> b.info().id().equals("cpu"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("backend cpu is not on the class path"));
  }

  @Override
  public void run() {
    last = executable.run(feeds, Cancellation.NEVER).get(output);
  }

  @Override
  public float[] answer() {
    run();
    return Objects.requireNonNull(last).toFloats();
  }

  @Override
  public double flops() {
    return flops;
  }

  /** The compiled plan, with the mean time of each step. */
  @Override
  public String profile() {
    return executable.toString();
  }

  @Override
  public void close() {
    executable.close();
  }
}
