package wherefore.method.bottleneck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.tensor.Shape;

class GateTest {
  private static final Shape SHAPE = Shape.of(1, 2, 4, 3);

  private static double[] normal(SplittableRandom random, double deviation) {
    double[] values = new double[SHAPE.size()];
    Arrays.setAll(values, i -> deviation * random.nextGaussian());
    return values;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.7, 2})
  void openAndShutAreOneTogether(double sigma) {
    Gate gate = new Gate(SHAPE, List.of(2, 3), sigma);
    double[] alpha = normal(new SplittableRandom(1), 3);
    double[] open = gate.open(alpha);
    double[] shut = gate.shut(alpha);
    double[] ones = new double[open.length];
    Arrays.fill(ones, 1);
    Arrays.setAll(open, i -> open[i] + shut[i]);
    assertArrayEquals(ones, open, 1e-12);
  }

  /** Of Σ c λ + 0.3 Σ KL(λ), by α. */
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.7, 2})
  void theGradientIsThatOfFiniteDifferences(double sigma) {
    Gate gate = new Gate(SHAPE, List.of(2, 3), sigma);
    SplittableRandom random = new SplittableRandom(2);
    double[] alpha = normal(random, 2);
    double[] c = normal(random, 1);
    double[] s = normal(random, 1);
    double[] open = gate.open(alpha);
    double[] shut = gate.shut(alpha);
    double[] byOpen = c.clone();
    Arrays.setAll(byOpen, i -> c[i] + 0.3 * Information.slope(open[i], shut[i], s[i]));
    double[] gradient = gate.pull(alpha, byOpen);
    double h = 1e-5;
    for (int i = 0; i < alpha.length; i++) {
      double[] up = alpha.clone();
      double[] down = alpha.clone();
      up[i] += h;
      down[i] -= h;
      double expected = (loss(gate, up, c, s) - loss(gate, down, c, s)) / (2 * h);
      assertEquals(expected, gradient[i], 1e-8, "element " + i + ", seed 2");
    }
  }

  private static double loss(Gate gate, double[] alpha, double[] c, double[] s) {
    double[] open = gate.open(alpha);
    double[] shut = gate.shut(alpha);
    double loss = 0;
    for (int i = 0; i < open.length; i++) {
      loss += c[i] * open[i] + 0.3 * Information.nats(open[i], shut[i], s[i]);
    }
    return loss;
  }
}
