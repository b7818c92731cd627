package wherefore.compute;

import org.osgi.annotation.versioning.ProviderType;
import wherefore.graph.Graph;
import wherefore.graph.Primitive;

/**
 * Compiles whole graphs. It accepts every {@linkplain Primitive primitive}; a composite that it
 * does not know it lowers. There is no unsupported operator at run time. Backends are thread-safe,
 * and agree with the {@code reference} backend within rounding.
 */
@ProviderType
public interface ComputeBackend {
  /** What it is and runs on. */
  BackendInfo info();

  /** The most bytes that the constants and values of one graph may take; a bound, not a promise. */
  default long memory() {
    return Long.MAX_VALUE;
  }

  /**
   * Prepares a graph for running, many times and from many threads.
   *
   * @throws ComputeException if there isn't the memory ({@link ComputeException#isTooLarge}), or a
   *     native library is missing
   */
  Executable compile(Graph graph);
}
