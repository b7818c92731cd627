package wherefore.attribution;

import java.util.List;
import wherefore.compute.BackendInfo;

/**
 * Which methods work on a model, and what each costs with its options as they are by default.
 *
 * <p>Each method is run on zeros in the place of values: its graphs are built and counted, none is
 * run. So the costs are exact where a method's course does not depend on values, and the least
 * where it does. Times are multiplications by the rate of this model's own forward pass and
 * gradient, which were run and measured; for a function without a graph, rows by its measured time.
 *
 * @param model the model's name
 * @param backend what was measured
 * @param rows how many examples at once were measured
 * @param forwardSeconds the forward pass, for one of these examples
 * @param gradientSeconds forward pass and gradient; NaN where there is none
 * @param multiplications of the forward pass for one example; 0 where they are not known
 * @param constantBytes the model's weights
 * @param methods by id
 */
public record Feasibility(
    String model,
    BackendInfo backend,
    int rows,
    double forwardSeconds,
    double gradientSeconds,
    long multiplications,
    long constantBytes,
    List<Method> methods) {
  /** Copies the list. */
  public Feasibility {
    methods = List.copyOf(methods);
  }

  /**
   * A method on the model.
   *
   * @param id its id
   * @param obstacle what stands in its way, with the node where it is one; empty if it works
   * @param cost in its own words
   * @param forward examples that go forward
   * @param backward examples that go back, too
   * @param multiplications of all; 0 where they are not known
   * @param bytes of the values of its largest batch
   * @param seconds the estimate
   */
  public record Method(
      String id,
      String obstacle,
      String cost,
      long forward,
      long backward,
      long multiplications,
      long bytes,
      double seconds) {
    /** True if nothing stands in its way. */
    public boolean works() {
      return obstacle.isEmpty();
    }
  }
}
