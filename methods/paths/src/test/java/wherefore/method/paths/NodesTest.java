package wherefore.method.paths;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NodesTest {
  private static double integral(Nodes nodes, int degree) {
    double sum = 0;
    for (int k = 0; k < nodes.alphas().length; k++) {
      sum += nodes.weights()[k] * Math.pow(nodes.alphas()[k], degree);
    }
    return sum;
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"ADAPTIVE", "EXACT"})
  void weightsSumToOne(Quadrature quadrature) {
    for (int n : new int[] {1, 2, 3, 10, 50, 333}) {
      assertEquals(1, Arrays.stream(Nodes.of(quadrature, n).weights()).sum(), 1e-13);
    }
  }

  @Test
  void gaussLegendreIsExactToDegreeTwoNMinusOne() {
    for (int n = 1; n <= 40; n++) {
      Nodes nodes = Nodes.of(Quadrature.GAUSS_LEGENDRE, n);
      for (int degree = 0; degree < 2 * n; degree++) {
        assertEquals(1.0 / (degree + 1), integral(nodes, degree), 1e-14, n + "/" + degree);
      }
    }
  }

  @Test
  void gaussLegendreOfThreeIsTheTextbooks() {
    Nodes nodes = Nodes.of(Quadrature.GAUSS_LEGENDRE, 3);
    double root = Math.sqrt(0.6);
    assertArrayEquals(new double[] {(1 - root) / 2, 0.5, (1 + root) / 2}, nodes.alphas(), 1e-15);
    assertArrayEquals(new double[] {5 / 18.0, 8 / 18.0, 5 / 18.0}, nodes.weights(), 1e-15);
  }

  @Test
  void riemannAndTrapezoidNodesAreWhereTheyAreSaidToBe() {
    assertArrayEquals(
        new double[] {0, 0.25, 0.5, 0.75}, Nodes.of(Quadrature.RIEMANN_LEFT, 4).alphas());
    assertArrayEquals(
        new double[] {0.25, 0.5, 0.75, 1}, Nodes.of(Quadrature.RIEMANN_RIGHT, 4).alphas());
    assertArrayEquals(
        new double[] {0.125, 0.375, 0.625, 0.875}, Nodes.of(Quadrature.RIEMANN_MIDDLE, 4).alphas());
    Nodes trapezoid = Nodes.of(Quadrature.TRAPEZOID, 2);
    assertArrayEquals(new double[] {0, 0.5, 1}, trapezoid.alphas());
    assertArrayEquals(new double[] {0.25, 0.5, 0.25}, trapezoid.weights());
  }
}
