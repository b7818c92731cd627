package wherefore.renderers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ColorMapTest {
  private static final int STEPS = 200;

  @ParameterizedTest
  @EnumSource(ColorMap.class)
  void lightnessFallsSteadilyAndNeverTurns(ColorMap map) {
    for (int i = 0; i < STEPS; i++) {
      double from = map.lab((double) i / STEPS)[0];
      double to = map.lab((i + 1.0) / STEPS)[0];
      assertTrue(to < from - 0.1, map + " at " + i);
    }
    assertTrue(map.lab(0)[0] - map.lab(1)[0] > 55, "uses most of the lightness there is");
  }

  @Test
  void divergingLightnessAndChromaAreSymmetric() {
    for (int i = 0; i <= STEPS; i++) {
      double[] positive = ColorMap.DIVERGING.lab((double) i / STEPS);
      double[] negative = ColorMap.DIVERGING.lab((double) -i / STEPS);
      assertEquals(positive[0], negative[0], 1e-12);
      assertEquals(
          Math.hypot(positive[1], positive[2]), Math.hypot(negative[1], negative[2]), 1e-12);
    }
  }

  @ParameterizedTest
  @EnumSource(ColorMap.class)
  void zeroIsNeutralAndNothingElseIs(ColorMap map) {
    int zero = map.rgb(0);
    assertEquals(0xf6f6f6, zero);
    assertEquals(zero, map.rgb(-0.0));
    for (double t : new double[] {0.02, 0.1, 0.5, 1}) {
      double[] lab = map.lab(t);
      assertTrue(Math.hypot(lab[1], lab[2]) > 0.5, map + " at " + t);
    }
  }

  @Test
  void equalStepsAreEqualDifferences() {
    assertEven(ColorMap.SEQUENTIAL, 0, 1, 0.01);
    assertEven(ColorMap.DIVERGING, 0, 1, 0.05);
    assertEven(ColorMap.DIVERGING, 0, -1, 0.05);
  }

  private static void assertEven(ColorMap map, double from, double to, double tolerance) {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (int i = 0; i < STEPS; i++) {
      double[] a = map.lab(from + (to - from) * i / STEPS);
      double[] b = map.lab(from + (to - from) * (i + 1) / STEPS);
      double step = ColorMap.difference(a, b);
      least = Math.min(least, step);
      most = Math.max(most, step);
    }
    double middle = (least + most) / 2;
    assertTrue((most - least) / 2 / middle < tolerance, map + ": from " + least + " to " + most);
  }

  @ParameterizedTest
  @EnumSource(ColorMap.class)
  void allColoursCanBeShown(ColorMap map) {
    for (int i = map == ColorMap.DIVERGING ? -STEPS : 0; i <= STEPS; i++) {
      double value = (double) i / STEPS;
      double[] shown = lab(map.rgb(value));
      assertTrue(
          ColorMap.difference(map.lab(value), shown) < 1.2,
          map + " at " + value + " is outside of sRGB");
    }
  }

  /** CIELAB of an sRGB colour, from the standards' formulas in the other direction. */
  private static double[] lab(int rgb) {
    double[] light = new double[3];
    for (int c = 0; c < 3; c++) {
      double s = (rgb >> (16 - 8 * c) & 0xff) / 255.0;
      light[c] = s <= 0.04045 ? s / 12.92 : Math.pow((s + 0.055) / 1.055, 2.4);
    }
    double x = 0.4124564 * light[0] + 0.3575761 * light[1] + 0.1804375 * light[2];
    double y = 0.2126729 * light[0] + 0.7151522 * light[1] + 0.0721750 * light[2];
    double z = 0.0193339 * light[0] + 0.1191920 * light[1] + 0.9503041 * light[2];
    double fx = root(x / 0.95047);
    double fy = root(y);
    double fz = root(z / 1.08883);
    return new double[] {116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)};
  }

  private static double root(double t) {
    return t > 216.0 / 24389 ? Math.cbrt(t) : (24389.0 / 27 * t + 16) / 116;
  }
}
