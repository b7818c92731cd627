package wherefore.backend.cpu;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import wherefore.backend.reference.ReferenceBackend;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeBackend;
import wherefore.compute.Executable;
import wherefore.graph.Graph;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;
import wherefore.testkit.Closeness;

/** Runs graphs on this backend and on the reference, and compares. */
final class Agreement {
  static final CpuBackend CPU = new CpuBackend();
  private static final ReferenceBackend REFERENCE = new ReferenceBackend();

  private Agreement() {}

  static Tensor random(RandomGenerator random, ElementType type, Shape shape) {
    double[] values = new double[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case INT64 -> random.nextInt(-5, 6);
            case BOOL -> random.nextInt(2);
            default -> random.nextGaussian();
          };
    }
    return Tensor.of(shape, values).to(type);
  }

  static Map<String, Tensor> feeds(Graph graph, RandomGenerator random) {
    Map<String, Tensor> feeds = new LinkedHashMap<>();
    graph
        .inputs()
        .forEach((name, type) -> feeds.put(name, random(random, type.element(), type.shape())));
    return feeds;
  }

  /** Fails unless both backends agree on all outputs within a tolerance. */
  static void check(Graph graph, RandomGenerator random, double tolerance, String what) {
    check(CPU, graph, feeds(graph, random), tolerance, what);
  }

  static void check(
      ComputeBackend backend,
      Graph graph,
      Map<String, Tensor> feeds,
      double tolerance,
      String what) {
    Map<String, Tensor> expected = run(REFERENCE, graph, feeds);
    Map<String, Tensor> actual;
    String plan;
    try (Executable executable = backend.compile(graph)) {
      plan = executable.toString();
      executable.run(feeds, Cancellation.NEVER);
      actual = executable.run(feeds, Cancellation.NEVER);
    } catch (RuntimeException e) {
      throw new AssertionError(what + ": " + e + "\n" + graph, e);
    }
    String context = what + "\n" + graph + plan + "\n";
    expected.forEach(
        (name, tensor) -> {
          Tensor own = Objects.requireNonNull(actual.get(name));
          Closeness.assertClose(tensor, own, tolerance, tolerance * scale(tensor), context + name);
        });
  }

  private static double scale(Tensor tensor) {
    double most = 1e-3;
    for (int i = 0; i < tensor.size(); i++) {
      double value = Math.abs(tensor.get(i));
      most = Double.isFinite(value) ? Math.max(most, value) : most;
    }
    return most;
  }

  private static Map<String, Tensor> run(
      ComputeBackend backend, Graph graph, Map<String, Tensor> feeds) {
    try (Executable executable = backend.compile(graph)) {
      return executable.run(feeds, Cancellation.NEVER);
    }
  }
}
