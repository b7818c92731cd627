package wherefore.compute;

/**
 * A step of a compiled graph.
 *
 * @param node the graph's node that it yields or prepares, as text
 * @param layer the node's layer; empty if it has none
 * @param kernel what runs, by the backend's name for it
 * @param millis the mean time of the runs so far, ms; 0 before the first
 * @param bytes that it writes
 * @param operations multiplications and additions of a product; 0 for all else, which memory bounds
 */
public record PlanStep(
    String node, String layer, String kernel, double millis, long bytes, long operations) {
  /** Billions of operations a second; 0 where there are none, or no time is known. */
  public double gigaflops() {
    return millis > 0 ? operations / millis / 1e6 : 0;
  }
}
