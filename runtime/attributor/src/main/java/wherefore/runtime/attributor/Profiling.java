package wherefore.runtime.attributor;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import wherefore.attribution.Profile;
import wherefore.compute.ComputeBackend;
import wherefore.compute.Executable;
import wherefore.compute.PlanStep;
import wherefore.graph.Graph;
import wherefore.tensor.Tensor;

/** Times of a graph that is compiled for nothing else. */
final class Profiling {
  private static final double MILLI = 1e6;

  private Profiling() {}

  static Profile of(
      ComputeBackend backend, Graph graph, Map<String, Tensor> feeds, int runs, Call call) {
    try (Executable executable = backend.compile(graph)) {
      executable.run(feeds, call);
      List<PlanStep> cold = executable.plan();
      long start = System.nanoTime();
      for (int i = 0; i < runs; i++) {
        executable.run(feeds, call);
      }
      double millis = (System.nanoTime() - start) / MILLI / Math.max(1, runs);
      List<PlanStep> steps = runs == 0 ? cold : warm(cold, executable.plan(), runs);
      return new Profile(backend.info(), steps, millis, executable.nativeBytes());
    }
  }

  /** The means without the first run. */
  private static List<PlanStep> warm(List<PlanStep> cold, List<PlanStep> all, int runs) {
    return cold.size() != all.size()
        ? all
        : IntStream.range(0, all.size())
            .mapToObj(i -> warm(all.get(i), cold.get(i).millis(), runs))
            .toList();
  }

  private static PlanStep warm(PlanStep step, double cold, int runs) {
    double millis = Math.max(0, (step.millis() * (runs + 1) - cold) / runs);
    return new PlanStep(
        step.node(), step.layer(), step.kernel(), millis, step.bytes(), step.operations());
  }
}
