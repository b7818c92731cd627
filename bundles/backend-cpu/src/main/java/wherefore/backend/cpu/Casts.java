package wherefore.backend.cpu;

import wherefore.tensor.ElementType;

/** Kernels that convert elements of another type. */
final class Casts {
  private Casts() {}

  static Kernel toFloats(ElementType from) {
    return switch (from) {
      case BOOL -> (in, y, n) -> Loops.toFloats((byte[]) in[0], (float[]) y, n);
      case INT64 -> (in, y, n) -> Loops.toFloats((long[]) in[0], (float[]) y, n);
      case FLOAT64 -> (in, y, n) -> Loops.toFloats((double[]) in[0], (float[]) y, n);
      case FLOAT32 -> throw new AssertionError(from);
    };
  }

  static Kernel toDoubles(ElementType from) {
    return (in, y, n) -> {
      double[] out = (double[]) y;
      for (int i = 0; i < n; i++) {
        out[i] = number(from, in[0], i);
      }
    };
  }

  static Kernel toLongs(ElementType from) {
    return (in, y, n) -> {
      long[] out = (long[]) y;
      for (int i = 0; i < n; i++) {
        out[i] = (long) number(from, in[0], i);
      }
    };
  }

  static Kernel toBools(ElementType from) {
    return (in, y, n) -> {
      byte[] out = (byte[]) y;
      for (int i = 0; i < n; i++) {
        out[i] = (byte) (number(from, in[0], i) != 0 ? 1 : 0);
      }
    };
  }

  /** An element; an integer beyond 2⁵³ rounds, which neither truth nor a floating type notices. */
  static double number(ElementType type, Object array, int i) {
    return switch (type) {
      case FLOAT32 -> ((float[]) array)[i];
      case FLOAT64 -> ((double[]) array)[i];
      case INT64 -> ((long[]) array)[i];
      case BOOL -> ((byte[]) array)[i];
    };
  }
}
