package wherefore.runtime.attributor;

import java.util.Map;
import wherefore.attribution.Program;
import wherefore.attribution.Rows;
import wherefore.tensor.Tensor;

/** Runs programs over rows, as many at once as memory allows. Belongs to one call. */
interface Batching {
  /** Takes the outputs of some rows, in order. */
  @FunctionalInterface
  interface Sink {
    /** Takes the outputs of the rows from one (included) to another (excluded). */
    void batch(int from, int to, Map<String, Tensor> outputs);
  }

  /**
   * Runs a program over rows.
   *
   * @param others what inputs are fed with that the rows don't feed
   */
  void run(Program program, Rows rows, Map<String, Tensor> others, Sink sink);

  /**
   * Runs a program over rows whose outputs will be summed.
   *
   * @param weights one a row
   * @param sink gets the outputs that are not summed yet
   * @return the sums of the others, first extent 1
   */
  Map<String, Tensor> sum(
      Program program, Rows rows, double[] weights, Map<String, Tensor> others, Sink sink);

  /** How many rows have been evaluated so far. */
  long evaluated();
}
