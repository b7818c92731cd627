package wherefore.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class SmoothLoopsTest {
  private static final MathContext DIGITS = new MathContext(60);
  private static final BigDecimal TWO_OVER_ROOT_PI =
      new BigDecimal("1.12837916709551257389615890312154517168810125865799771368817144");

  @FunctionalInterface
  private interface Loop {
    void run(float[] a, float[] y, int n);
  }

  /** Evenly over the line and, for small ones, over the exponents of float32. */
  private static float[] arguments(double most) {
    float[] x = new float[5_000];
    for (int i = 0; i < x.length; i++) {
      double even = most * (2.0 * i / x.length - 1);
      double small = Math.scalb(i % 2 == 0 ? 1.1 : -1.7, -(i / 30) % 140);
      x[i] = (float) (i % 3 == 0 ? small : even);
    }
    return x;
  }

  private static void assertWithinUnits(double units, Loop loop, DoubleUnaryOperator f, double m) {
    float[] x = arguments(m);
    float[] y = new float[x.length];
    loop.run(x, y, x.length);
    for (int i = 0; i < x.length; i++) {
      double expected = f.applyAsDouble(x[i]);
      double bound = units * Math.max(Float.MIN_VALUE, Math.ulp((float) expected));
      boolean close = y[i] == (float) expected || Math.abs(y[i] - expected) <= bound;
      assertTrue(close, "f(" + x[i] + ") is " + y[i] + ", expected " + expected);
    }
  }

  @Test
  void exponentialAndSigmoid() {
    assertWithinUnits(0.51, SmoothLoops::exp, StrictMath::exp, 109);
    DoubleUnaryOperator sigmoid = x -> 1 / (1 + StrictMath.exp(-x));
    assertWithinUnits(0.51, SmoothLoops::sigmoid, sigmoid, 80);
  }

  @Test
  void errorFunction() {
    assertWithinUnits(0.52, SmoothLoops::erf, SmoothLoopsTest::erf, 6);
  }

  /** 2/√π Σ (−1)ⁿ x^(2n+1) / (n! (2n+1)) in sixty digits, of which cancellation leaves forty. */
  private static double erf(double value) {
    BigDecimal x = new BigDecimal(value);
    BigDecimal square = x.multiply(x, DIGITS);
    BigDecimal power = x;
    BigDecimal sum = x;
    for (int n = 1; n < 200; n++) {
      power = power.multiply(square, DIGITS).divide(BigDecimal.valueOf(-n), DIGITS);
      sum = sum.add(power.divide(BigDecimal.valueOf(2L * n + 1), DIGITS), DIGITS);
    }
    return sum.multiply(TWO_OVER_ROOT_PI, DIGITS).doubleValue();
  }

  @Test
  void atTheEnds() {
    float infinity = Float.POSITIVE_INFINITY;
    float[] x = {0, -0f, infinity, -infinity, Float.NaN, 1e30f, -1e30f};
    float[] y = new float[x.length];
    SmoothLoops.exp(x, y, x.length);
    assertArrayEquals(new float[] {1, 1, infinity, 0, Float.NaN, infinity, 0}, y);
    SmoothLoops.sigmoid(x, y, x.length);
    assertArrayEquals(new float[] {0.5f, 0.5f, 1, 0, Float.NaN, 1, 0}, y);
    SmoothLoops.erf(x, y, x.length);
    assertArrayEquals(new float[] {0, -0f, 1, -1, Float.NaN, 1, -1}, y);
  }
}
