package wherefore.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StraightPathTest {
  /** n nodes are exact up to degree 2n − 1. */
  @Test
  void integratesPolynomials() {
    StraightPath path = StraightPath.gaussLegendre(10, 5);
    for (int degree = 0; degree < 20; degree++) {
      double sum = 0;
      for (int i = 0; i < 10; i++) {
        sum += path.weights()[i] * Math.pow(path.alphas()[i], degree);
      }
      assertEquals(1.0 / (degree + 1), sum, 1e-14, "degree " + degree);
    }
  }
}
