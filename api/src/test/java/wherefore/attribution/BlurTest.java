package wherefore.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.tensor.Shape;

class BlurTest {
  private static final Shape SHAPE = Shape.of(2, 3, 5, 4);
  private static final List<Integer> AXES = List.of(2, 3);

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  /** ⟨Kx, y⟩ = ⟨x, Kᵀy⟩, also where the kernel is wider than the value. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1, 3})
  void theAdjointIsTheAdjoint(double sigma) {
    SplittableRandom random = new SplittableRandom(5);
    DoubleStream draws = DoubleStream.generate(random::nextDouble);
    double[] both = draws.limit(2L * SHAPE.size()).toArray();
    double[] x = Arrays.copyOf(both, SHAPE.size());
    double[] y = Arrays.copyOfRange(both, SHAPE.size(), both.length);
    double forward = dot(Blur.over(x, SHAPE, AXES, sigma), y);
    double back = dot(x, Blur.adjoint(y, SHAPE, AXES, sigma));
    assertTrue(forward > 1, "nothing is compared, seed 5");
    assertEquals(forward, back, 1e-12, "seed 5");
  }

  /** What is scaled at the edge makes the adjoint another map than the blur. */
  @Test
  void theAdjointOfAConstantIsNone() {
    double[] ones = new double[SHAPE.size()];
    Arrays.fill(ones, 1);
    assertArrayEquals(ones, Blur.over(ones, SHAPE, AXES, 1), 1e-12);
    double[] back = Blur.adjoint(ones, SHAPE, AXES, 1);
    assertTrue(back[0] < 0.9, "at the edge " + back[0]);
    assertEquals(ones.length, Arrays.stream(back).sum(), 1e-9);
  }
}
