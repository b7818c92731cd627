package wherefore.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import wherefore.graph.Interpolation.Coordinates;
import wherefore.graph.Interpolation.Mode;
import wherefore.graph.Interpolation.Rounding;

class InterpolationTest {
  private static double[] matrix(Mode m, Coordinates c, Rounding r, int in, int out) {
    return new Interpolation(m, c, r, -0.75).matrix(in, out).toDoubles();
  }

  @Test
  void linearHalfPixelDoubles() {
    assertArrayEquals(
        new double[] {1, 0, 0.75, 0.25, 0.25, 0.75, 0, 1},
        matrix(Mode.LINEAR, Coordinates.HALF_PIXEL, Rounding.FLOOR, 2, 4));
  }

  @Test
  void linearAlignCornersKeepsTheEnds() {
    assertArrayEquals(
        new double[] {1, 0, 0, 0.5, 0.5, 0, 0, 1, 0, 0, 0.5, 0.5, 0, 0, 1},
        matrix(Mode.LINEAR, Coordinates.ALIGN_CORNERS, Rounding.FLOOR, 3, 5));
  }

  @Test
  void nearestAsymmetricRepeats() {
    assertArrayEquals(
        new double[] {1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1},
        matrix(Mode.NEAREST, Coordinates.ASYMMETRIC, Rounding.FLOOR, 2, 6));
  }

  @Test
  void halvesGoWhereTheRoundingSays() {
    double[] down = matrix(Mode.NEAREST, Coordinates.HALF_PIXEL, Rounding.ROUND_PREFER_FLOOR, 2, 1);
    double[] up = matrix(Mode.NEAREST, Coordinates.HALF_PIXEL, Rounding.ROUND_PREFER_CEIL, 2, 1);
    assertArrayEquals(new double[] {1, 0}, down);
    assertArrayEquals(new double[] {0, 1}, up);
  }

  @Test
  void positionsAreExactWhereExtentsDivide() {
    for (int factor = 1; factor < 200; factor++) {
      double[] m = matrix(Mode.NEAREST, Coordinates.ASYMMETRIC, Rounding.FLOOR, 2 * factor, 2);
      double[] expected = new double[4 * factor];
      expected[0] = 1;
      expected[2 * factor + factor] = 1;
      assertArrayEquals(expected, m, "factor " + factor);
    }
  }

  @Test
  void cubicAtAQuarter() {
    double[] row = matrix(Mode.CUBIC, Coordinates.HALF_PIXEL, Rounding.FLOOR, 8, 16);
    double[] taps = Arrays.copyOfRange(row, 5 * 8 + 1, 5 * 8 + 5);
    // Keys' kernel with a = -0.75 at distances 1.25, 0.25, 0.75, 1.75.
    assertArrayEquals(new double[] {-0.10546875, 0.87890625, 0.26171875, -0.03515625}, taps);
  }
}
