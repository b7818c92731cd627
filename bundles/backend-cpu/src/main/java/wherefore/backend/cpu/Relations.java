package wherefore.backend.cpu;

import wherefore.graph.Comparison;

/** Kernels of comparisons; the result is 1 or 0 a byte. */
final class Relations {
  private Relations() {}

  static Kernel ofFloats(Comparison relation) {
    return switch (relation) {
      case EQUAL -> (in, y, n) -> equal((float[]) in[0], (float[]) in[1], (byte[]) y, n);
      case LESS -> (in, y, n) -> less((float[]) in[0], (float[]) in[1], (byte[]) y, n);
      case LESS_OR_EQUAL -> (in, y, n) -> atMost((float[]) in[0], (float[]) in[1], (byte[]) y, n);
    };
  }

  private static void equal(float[] a, float[] b, byte[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (byte) (a[i] == b[i] ? 1 : 0);
    }
  }

  private static void less(float[] a, float[] b, byte[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (byte) (a[i] < b[i] ? 1 : 0);
    }
  }

  private static void atMost(float[] a, float[] b, byte[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (byte) (a[i] <= b[i] ? 1 : 0);
    }
  }

  static Kernel ofDoubles(Comparison relation) {
    return (in, y, n) -> {
      double[] a = (double[]) in[0];
      double[] b = (double[]) in[1];
      byte[] out = (byte[]) y;
      for (int i = 0; i < n; i++) {
        boolean holds =
            switch (relation) {
              case EQUAL -> a[i] == b[i];
              case LESS -> a[i] < b[i];
              case LESS_OR_EQUAL -> a[i] <= b[i];
            };
        out[i] = (byte) (holds ? 1 : 0);
      }
    };
  }

  static Kernel ofLongs(Comparison relation) {
    return (in, y, n) -> {
      long[] a = (long[]) in[0];
      long[] b = (long[]) in[1];
      byte[] out = (byte[]) y;
      for (int i = 0; i < n; i++) {
        out[i] = (byte) (holds(relation, Long.compare(a[i], b[i])) ? 1 : 0);
      }
    };
  }

  static Kernel ofBytes(Comparison relation) {
    return (in, y, n) -> {
      byte[] a = (byte[]) in[0];
      byte[] b = (byte[]) in[1];
      byte[] out = (byte[]) y;
      for (int i = 0; i < n; i++) {
        out[i] = (byte) (holds(relation, a[i] - b[i]) ? 1 : 0);
      }
    };
  }

  private static boolean holds(Comparison relation, int order) {
    return switch (relation) {
      case EQUAL -> order == 0;
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
    };
  }
}
