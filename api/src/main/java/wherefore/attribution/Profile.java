package wherefore.attribution;

import java.util.List;
import wherefore.compute.BackendInfo;
import wherefore.compute.PlanStep;

/**
 * How a graph runs on a backend.
 *
 * @param backend where
 * @param steps what it does, with the mean times of the runs; empty if the backend doesn't tell
 * @param millis the mean time of a whole run, ms
 * @param nativeBytes that it holds outside of the heap
 */
public record Profile(BackendInfo backend, List<PlanStep> steps, double millis, long nativeBytes) {
  /** Copies the list. */
  public Profile {
    steps = List.copyOf(steps);
  }
}
