package wherefore.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

class GoldenTest {
  @Test
  void elevenModelsAndAllCases() {
    assertEquals(11, Golden.models().size());
    assertEquals(227, Golden.cases().size());
    assertTrue(Golden.models().stream().allMatch(m -> Files.exists(Golden.file(m))));
  }

  @Test
  void caseHasWhatItsFileSays() {
    Golden.Case c =
        Golden.cases("attention").stream()
            .filter(x -> x.name().equals("occlusion_w1x2_s1x1"))
            .findFirst()
            .orElseThrow();
    assertEquals("attention/occlusion_w1x2_s1x1", c.toString());
    assertEquals("occlusion", c.method());
    assertEquals(
        Map.of("window", List.of(1, 2), "stride", List.of(1, 1), "baseline", "baseline.npy"),
        c.parameters());
    assertEquals(0, c.target());
    assertEquals(-0.3461443418433042, c.outputAtInput());
    assertEquals(Shape.of(1, 6, 16), c.expected().shape());
    assertEquals(c.input().shape(), c.baseline().shape());
  }

  @Test
  void everyCaseMatchesItself() {
    Golden.cases().forEach(c -> Golden.assertMatches(c.expected(), c));
  }

  @Test
  void mismatchNamesTheWorstElement() {
    Tensor expected = Tensor.of(Shape.of(3), 1, 2, Double.NaN);
    Closeness.assertClose(expected, expected, 0, 0, "x");
    Tensor actual = Tensor.of(Shape.of(3), 1.05, 2.5, Double.NaN);
    AssertionError error =
        assertThrows(
            AssertionError.class, () -> Closeness.assertClose(expected, actual, 0.1, 0.05, "x"));
    assertEquals(
        "x: element 1 of [3] is 2.5, expected 2.0 (2.00 times the tolerance; rtol 0.1, atol 0.05)",
        error.getMessage());
  }
}
