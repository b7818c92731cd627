package wherefore.attribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GaussLegendreTest {
  private static double integral(GaussLegendre rule, int degree) {
    double sum = 0;
    for (int k = 0; k < rule.alphas().length; k++) {
      sum += rule.weights()[k] * Math.pow(rule.alphas()[k], degree);
    }
    return sum;
  }

  @Test
  void isExactToDegreeTwoNMinusOne() {
    for (int n = 1; n <= 40; n++) {
      GaussLegendre rule = GaussLegendre.of(n);
      for (int degree = 0; degree < 2 * n; degree++) {
        assertEquals(1.0 / (degree + 1), integral(rule, degree), 1e-14, n + "/" + degree);
      }
    }
  }

  @Test
  void isNotExactBeyond() {
    for (int n = 1; n <= 4; n++) {
      double error = integral(GaussLegendre.of(n), 2 * n) - 1.0 / (2 * n + 1);
      assertTrue(Math.abs(error) > 1e-8, n + " nodes are off by " + error);
    }
  }

  @Test
  void ofThreeIsTheTextbooks() {
    GaussLegendre rule = GaussLegendre.of(3);
    double root = Math.sqrt(0.6);
    assertArrayEquals(new double[] {(1 - root) / 2, 0.5, (1 + root) / 2}, rule.alphas(), 1e-15);
    assertArrayEquals(new double[] {5 / 18.0, 8 / 18.0, 5 / 18.0}, rule.weights(), 1e-15);
  }
}
