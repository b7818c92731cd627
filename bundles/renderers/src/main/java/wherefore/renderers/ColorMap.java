package wherefore.renderers;

import java.util.Arrays;

/**
 * Perceptually uniform colour maps, given by curves in CIELAB (D65): equal steps of the value are
 * equal colour differences ΔE, and lightness falls steadily with the absolute value. Both are the
 * same near-white grey at exactly 0.
 *
 * <p>The diverging one runs from blue by grey to red. Lightness falls and chroma rises linearly
 * alike on both sides; each hue drifts by the same small angle, so that blue does not turn purple
 * where it is pale. The sequential one runs from grey by yellow, orange, red and violet to a dark
 * blue; it is parameterised by its length. Source: CIE 15, the CIELAB colour space; Moreland,
 * "Diverging color maps for scientific visualization", ISVC 2009, for the demands on such a map.
 */
enum ColorMap {
  /** For values from −1 to 1. */
  DIVERGING {
    @Override
    double[] lab(double value) {
      double t = Math.abs(value);
      double hue = value < 0 ? 260 + 27 * t : 60 - 27 * t;
      return polar(LIGHT - 59 * t, 55 * t, hue);
    }
  },
  /** For values from 0 to 1. */
  SEQUENTIAL {
    @Override
    double[] lab(double value) {
      return curve(Arc.parameter(value));
    }
  };

  private static final double LIGHT = 97;

  /** The colour of a value: lightness and the two colour axes, before rounding. */
  abstract double[] lab(double value);

  /** The colour of a value as red, green and blue, eight bits each. */
  int rgb(double value) {
    double[] lab = lab(Math.clamp(value, this == DIVERGING ? -1 : 0, 1));
    double fy = (lab[0] + 16) / 116;
    double x = 0.95047 * light(fy + lab[1] / 500);
    double y = light(fy);
    double z = 1.08883 * light(fy - lab[2] / 200);
    int red = sample(3.2404542 * x - 1.5371385 * y - 0.4985314 * z);
    int green = sample(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z);
    int blue = sample(0.0556434 * x - 0.2040259 * y + 1.0572252 * z);
    return red << 16 | green << 8 | blue;
  }

  private static double light(double f) {
    return f > 6.0 / 29 ? f * f * f : 108.0 / 841 * (f - 4.0 / 29);
  }

  private static int sample(double light) {
    double s = light <= 0.0031308 ? 12.92 * light : 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
    return (int) Math.round(255 * Math.clamp(s, 0, 1));
  }

  private static double[] polar(double lightness, double chroma, double hue) {
    double angle = Math.toRadians(hue);
    return new double[] {lightness, chroma * Math.cos(angle), chroma * Math.sin(angle)};
  }

  private static double[] curve(double s) {
    double chroma = 45 * Math.sin(Math.PI * Math.pow(s, 0.8)) + 25 * s;
    return polar(LIGHT - 77 * s, chroma, 95 - 140 * s);
  }

  /** ΔE of 1976: the distance in CIELAB. */
  static double difference(double[] a, double[] b) {
    return Math.hypot(Math.hypot(a[0] - b[0], a[1] - b[1]), a[2] - b[2]);
  }

  /** The sequential curve by its length. */
  private static final class Arc {
    private static final int STEPS = 4096;
    private static final double[] LENGTH = new double[STEPS + 1];

    static {
      for (int i = 1; i <= STEPS; i++) {
        double step = difference(curve((i - 1.0) / STEPS), curve((double) i / STEPS));
        LENGTH[i] = LENGTH[i - 1] + step;
      }
    }

    static double parameter(double part) {
      double length = part * LENGTH[STEPS];
      int at = Arrays.binarySearch(LENGTH, length);
      if (at >= 0) {
        return (double) at / STEPS;
      }
      int next = Math.min(-at - 1, STEPS);
      double within = (length - LENGTH[next - 1]) / (LENGTH[next] - LENGTH[next - 1]);
      return (next - 1 + within) / STEPS;
    }
  }
}
