package wherefore.compute;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;
import wherefore.tensor.Tensor;

/**
 * A compiled graph. Thread-safe. To be closed when no run is under way; then its memory outside of
 * the heap is gone at once.
 */
@ProviderType
public interface Executable extends AutoCloseable {
  /**
   * Runs the graph.
   *
   * @param feeds a tensor for each input, of its shape; a floating one of either floating type
   * @param cancellation asked at least every 100 ms
   * @return a tensor for each output; a floating one of the backend's {@linkplain
   *     BackendInfo#floating() floating type}, or of float64 where the graph says so
   * @throws ComputeException if a feed is missing or of another shape; the message names it
   */
  Map<String, Tensor> run(Map<String, Tensor> feeds, Cancellation cancellation);

  /** Bytes outside of the heap that it holds while it is open. */
  long nativeBytes();

  /** What a run does, step by step, and how long it took; empty if the backend doesn't tell. */
  default List<PlanStep> plan() {
    return List.of();
  }

  @Override
  void close();
}
