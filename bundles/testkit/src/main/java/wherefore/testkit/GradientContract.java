package wherefore.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import wherefore.compute.ComputeBackend;
import wherefore.graph.Primitive;

/**
 * The gradient of every primitive, every composite and random graphs against finite differences. A
 * test class extends it and names a backend that computes in float64.
 */
public abstract class GradientContract {
  private static final int GRAPHS = 300;

  /** Cases at whose values a function has a kink or is not finite, or that have no elements. */
  private static final List<String> NOT_SMOOTH =
      List.of("ties", "integers", "halves", "NaN", "far out", "extreme", "infinity", "empty");

  /** The backend; the same one each time. */
  protected abstract ComputeBackend backend();

  @TestFactory
  Stream<DynamicTest> operators() {
    return Stream.concat(PrimitiveCases.all().stream(), CompositeCases.all().stream())
        .filter(c -> NOT_SMOOTH.stream().noneMatch(c.name()::contains))
        .filter(GradientContract::isFloating)
        .map(c -> DynamicTest.dynamicTest(c.toString(), () -> check(c)));
  }

  private static boolean isFloating(OperatorCase c) {
    return c.graph(0).output("y").type().element().isFloating()
        && c.graph(0).output("y").shape().size() > 0
        && c.operands().stream().anyMatch(t -> t.type().isFloating());
  }

  /** By all operands; of a convolution, whose weights are constants, by the image. */
  private void check(OperatorCase c) {
    boolean weights = c.op() instanceof Primitive.Conv || c.op() instanceof Primitive.ConvTranspose;
    int fed = weights ? 1 : c.operands().size();
    FiniteDifferences.check(backend(), c.graph(fed), c.feeds(fed), "y", 1);
  }

  @TestFactory
  Stream<DynamicTest> randomGraphs() {
    return RandomGraphs.seeds(GRAPHS)
        .mapToObj(
            seed ->
                DynamicTest.dynamicTest(
                    "-D" + BackendContract.SEED + "=" + seed, () -> check(seed)));
  }

  private FiniteDifferences.Count check(long seed) {
    RandomGraphs.Example e = RandomGraphs.example(seed);
    try {
      return FiniteDifferences.check(backend(), e.graph(), e.feeds(), "y", seed)
          .plus(FiniteDifferences.check(backend(), e.graph(), e.feeds(), "z", seed + 1));
    } catch (AssertionError | RuntimeException error) {
      throw new AssertionError(
          "-D%s=%d: %s%n%s".formatted(BackendContract.SEED, seed, error.getMessage(), e.graph()),
          error);
    }
  }

  @Test
  void fewElementsLieAtAKink() {
    FiniteDifferences.Count sum = new FiniteDifferences.Count(0, 0);
    for (long seed = 0; seed < 40; seed++) {
      sum = sum.plus(check(seed));
    }
    assertTrue(sum.compared() > 200 && sum.kinks() * 20 < sum.compared(), sum.toString());
  }
}
