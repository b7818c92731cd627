package wherefore.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AgreementTest {
  @Test
  void isRelativeToTheSecond() {
    assertEquals(0.5, Agreement.difference(new float[] {3, 6}, new float[] {2, 4}));
    assertEquals(0, Agreement.difference(new float[2], new float[2]));
  }

  @Test
  void whatIsNoNumberIsFarAway() {
    double infinite = Double.POSITIVE_INFINITY;
    assertEquals(infinite, Agreement.difference(new float[] {Float.NaN}, new float[] {1}));
    assertEquals(infinite, Agreement.difference(new float[] {1}, new float[] {0}));
    assertEquals(infinite, Agreement.difference(new float[1], new float[2]));
  }
}
