package wherefore.graph;

import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * How {@link Composite.Resize} finds a value between samples. Along each axis it is a linear map,
 * so that a resize is a product with one {@link #matrix} an axis, and its adjoint one with their
 * transposes. Definitions: ONNX's Resize.
 *
 * @param mode the kernel
 * @param coordinates where the output's samples lie on the input's axis
 * @param rounding which neighbour {@code NEAREST} takes
 * @param cubicCoefficient the a of {@code CUBIC}, −0.75 unless a model says otherwise
 */
public record Interpolation(
    Mode mode, Coordinates coordinates, Rounding rounding, double cubicCoefficient) {
  /** The kernel. */
  public enum Mode {
    /** The nearest sample. */
    NEAREST,
    /** A straight line between two samples. */
    LINEAR,
    /** Keys' cubic convolution over four samples. */
    CUBIC
  }

  /** Where output sample i lies on the input's axis, with s = output extent / input extent. */
  public enum Coordinates {
    /** (i + ½)/s − ½. */
    HALF_PIXEL,
    /** As HALF_PIXEL, but 0 where the output has one sample. */
    PYTORCH_HALF_PIXEL,
    /** i · (in − 1)/(out − 1). */
    ALIGN_CORNERS,
    /** i/s. */
    ASYMMETRIC
  }

  /** Which neighbour is the nearest. */
  public enum Rounding {
    /** Halves down. */
    ROUND_PREFER_FLOOR,
    /** Halves up. */
    ROUND_PREFER_CEIL,
    /** Always the lower one. */
    FLOOR,
    /** Always the upper one. */
    CEIL
  }

  /** Straight lines, half-pixel centres. */
  public static final Interpolation LINEAR =
      new Interpolation(Mode.LINEAR, Coordinates.HALF_PIXEL, Rounding.ROUND_PREFER_FLOOR, -0.75);

  /** The matrix [out, in], float64, that takes an axis of extent {@code in} to {@code out}. */
  public Tensor matrix(int in, int out) {
    double[] matrix = new double[Math.multiplyExact(out, in)];
    for (int i = 0; i < out; i++) {
      double x = position(i, in, out);
      int base = (int) Math.floor(x);
      switch (mode) {
        case NEAREST -> matrix[i * in + clamp(nearest(x), in)] = 1;
        case LINEAR -> {
          matrix[i * in + clamp(base, in)] += 1 - (x - base);
          matrix[i * in + clamp(base + 1, in)] += x - base;
        }
        case CUBIC -> {
          for (int tap = -1; tap <= 2; tap++) {
            matrix[i * in + clamp(base + tap, in)] += cubic(x - base - tap);
          }
        }
      }
    }
    return Tensor.of(Shape.of(out, in), matrix);
  }

  private double position(int i, int in, int out) {
    return switch (coordinates) {
      case HALF_PIXEL -> (i + 0.5) * in / out - 0.5;
      case PYTORCH_HALF_PIXEL -> out > 1 ? (i + 0.5) * in / out - 0.5 : 0;
      case ALIGN_CORNERS -> out > 1 ? i * (in - 1.0) / (out - 1.0) : 0;
      case ASYMMETRIC -> (double) i * in / out;
    };
  }

  private int nearest(double x) {
    return (int)
        switch (rounding) {
          case ROUND_PREFER_FLOOR -> Math.ceil(x - 0.5);
          case ROUND_PREFER_CEIL -> Math.floor(x + 0.5);
          case FLOOR -> Math.floor(x);
          case CEIL -> Math.ceil(x);
        };
  }

  private double cubic(double distance) {
    double a = cubicCoefficient;
    double d = Math.abs(distance);
    if (d <= 1) {
      return ((a + 2) * d - (a + 3)) * d * d + 1;
    }
    return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
  }

  private static int clamp(int index, int extent) {
    return Math.max(0, Math.min(extent - 1, index));
  }
}
