package wherefore.method.bottleneck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InformationTest {
  /** ∫ p ln (p / q) by Simpson's rule over ±12 of P's deviations; μ = 0.3, σ = 1.7. */
  private static double integral(double open, double surprise) {
    double mu = 0.3;
    double sigma = 1.7;
    double mean = open * (mu + surprise * sigma) + (1 - open) * mu;
    double deviation = (1 - open) * sigma;
    int n = 20_000;
    double h = 24 * deviation / n;
    double sum = 0;
    for (int i = 0; i <= n; i++) {
      double z = mean - 12 * deviation + i * h;
      double p = log(z, mean, deviation);
      double term = Math.exp(p) * (p - log(z, mu, sigma));
      sum += term * (i == 0 || i == n ? 1 : i % 2 == 1 ? 4 : 2);
    }
    return sum * h / 3;
  }

  private static double log(double z, double mean, double deviation) {
    double away = (z - mean) / deviation;
    return -away * away / 2 - Math.log(deviation * Math.sqrt(2 * Math.PI));
  }

  @ParameterizedTest
  @CsvSource({
    "0.001, 2",
    "0.1, 0",
    "0.3, -1.5",
    "0.49999, 0.7",
    "0.50001, 0.7",
    "0.9, 4",
    "0.993, 1"
  })
  void theClosedFormIsTheIntegral(double open, double surprise) {
    double expected = integral(open, surprise);
    double nats = Information.nats(open, 1 - open, surprise);
    assertTrue(nats > 0, "nats " + nats);
    assertEquals(expected, nats, 1e-9 * Math.max(1, expected));
  }

  @ParameterizedTest
  @CsvSource({"0.01, 2", "0.1, 0", "0.3, -1.5", "0.9, 4", "0.993, 1"})
  void theSlopeIsTheDerivative(double open, double surprise) {
    double h = 1e-6;
    double up = Information.nats(open + h, 1 - open - h, surprise);
    double down = Information.nats(open - h, 1 - open + h, surprise);
    double slope = Information.slope(open, 1 - open, surprise);
    assertEquals((up - down) / (2 * h), slope, 1e-6 * Math.max(1, slope));
  }

  @Test
  void aClosedUnitSaysNothingAndAnOpenOneNearlyAll() {
    assertEquals(0, Information.nats(0, 1, 5));
    assertEquals(0, Information.slope(0, 1, 5));
    double shut = 1e-40; // 1 − λ is 1 in λ itself
    assertEquals(-Math.log(shut) - 0.5, Information.nats(1, shut, 0), 1e-9);
  }
}
