package wherefore.benchmarks;

/** One side of a case, prepared. Used by one thread. */
public interface Trial extends AutoCloseable {
  /** Computes once, and leaves the result where this side's users find it. This is timed. */
  void run();

  /** Computes once more, and hands out what the sides are compared by. */
  float[] answer();

  /** Arithmetic of the last run, if it were done directly; 0 from a peer. */
  default double flops() {
    return 0;
  }

  /** What a reader must know of the last run, in a few words. */
  default String detail() {
    return "";
  }

  /** Where the time of the runs so far went; empty if this side doesn't say. */
  default String profile() {
    return "";
  }

  @Override
  void close();
}
