package wherefore.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void theMedianIsTheMiddle() {
    assertEquals(3, Samples.of(9, 1, 3).median());
    assertEquals(2.5, Samples.of(9, 1, 3, 2).median());
    assertEquals(1, Samples.of(9, 1, 3).min());
    assertEquals((9 - 1) / 3.0, Samples.of(9, 1, 3).spread());
  }

  @Test
  void dividesRoundByRound() {
    assertEquals(Samples.of(2, 3), Samples.of(4, 9).over(Samples.of(2, 3)));
  }

  @Test
  void noneIsAnError() {
    assertThrows(IllegalArgumentException.class, () -> new Samples(List.of()));
  }
}
