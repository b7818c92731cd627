package wherefore.attribution;

import java.util.Map;
import java.util.SplittableRandom;
import org.osgi.annotation.versioning.ProviderType;
import wherefore.compute.Cancellation;
import wherefore.tensor.Tensor;

/**
 * Runs what a method builds, and does everything that is the same for all methods: the backend and
 * its cache of compiled graphs, splitting into batches under a memory budget, adding up in an order
 * that does not depend on the batches, progress, cancellation, deadline, seeds, provenance. Belongs
 * to one call of one method, and to its thread.
 */
@ProviderType
public interface Evaluator extends Cancellation {
  /** The function that the request asks about. */
  Subject subject();

  /** What {@link AttributionMethod#firstPass} asked for, by name. */
  Map<String, Tensor> firstPass();

  /**
   * Runs a program over rows.
   *
   * @return for each output all rows, along the first axis
   */
  Map<String, Tensor> map(Program program, Rows rows);

  /**
   * Runs a program over rows and adds up: Σ_k weights[k] · output_k, in float64, in the order of
   * the rows. An output that is linear in something smaller work is summed there, and computed once
   * from the sum.
   *
   * @param weights one a row
   * @return for each output the sum, float64, first extent 1
   */
  Map<String, Tensor> sum(Program program, Rows rows, double[] weights);

  /**
   * Runs a program over rows and hands each row to a sink, in order.
   *
   * @param sink gets the row's number and its outputs, first extent 1
   */
  void forEach(Program program, Rows rows, RowSink sink);

  /** Takes rows as they come. */
  @FunctionalInterface
  interface RowSink {
    /** Takes a row. */
    void row(int number, Map<String, Tensor> outputs);
  }

  /**
   * The program of another method, for the same subject.
   *
   * @param method its id
   * @param options its options in text form; what is missing has its default
   * @throws AttributionException if there is none of that id, or its answer at a point is not what
   *     one program yields ({@link PointwiseMethod}); the message lists those of which it is
   */
  Program program(String method, Map<String, String> options);

  /** A generator that depends on the request's seed and this name alone. */
  SplittableRandom random(String purpose);

  /** Says how much is done, from 0 to 1; rows evaluated count by themselves. */
  void progress(double fraction);
}
