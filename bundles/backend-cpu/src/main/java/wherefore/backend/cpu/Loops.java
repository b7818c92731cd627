package wherefore.backend.cpu;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Loops over arrays, each so plain that the compiler makes vector instructions of it. */
final class Loops {
  private Loops() {}

  static void add(float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = a[i] + b[i];
    }
  }

  static void sub(float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = a[i] - b[i];
    }
  }

  static void mul(float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = a[i] * b[i];
    }
  }

  static void div(float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = a[i] / b[i];
    }
  }

  static void max(float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(a[i], b[i]);
    }
  }

  static void min(float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.min(a[i], b[i]);
    }
  }

  static void relu(float[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(0f, a[i]);
    }
  }

  static void neg(float[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = -a[i];
    }
  }

  static void abs(float[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.abs(a[i]);
    }
  }

  static void reciprocal(float[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 1 / a[i];
    }
  }

  static void sqrt(float[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (float) Math.sqrt(a[i]);
    }
  }

  static void map(DoubleUnaryOperator f, float[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (float) f.applyAsDouble(a[i]);
    }
  }

  static void map(DoubleUnaryOperator f, double[] a, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = f.applyAsDouble(a[i]);
    }
  }

  static void map(LongUnaryOperator f, long[] a, long[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = f.applyAsLong(a[i]);
    }
  }

  static void zip(DoubleBinaryOperator f, float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (float) f.applyAsDouble(a[i], b[i]);
    }
  }

  static void zip(DoubleBinaryOperator f, double[] a, double[] b, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = f.applyAsDouble(a[i], b[i]);
    }
  }

  static void zip(LongBinaryOperator f, long[] a, long[] b, long[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = f.applyAsLong(a[i], b[i]);
    }
  }

  static void not(byte[] a, byte[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (byte) (a[i] ^ 1);
    }
  }

  static void and(byte[] a, byte[] b, byte[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (byte) (a[i] & b[i]);
    }
  }

  static void or(byte[] a, byte[] b, byte[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (byte) (a[i] | b[i]);
    }
  }

  static void xor(byte[] a, byte[] b, byte[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (byte) (a[i] ^ b[i]);
    }
  }

  static void where(byte[] c, float[] a, float[] b, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = c[i] != 0 ? a[i] : b[i];
    }
  }

  static void where(byte[] c, double[] a, double[] b, double[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = c[i] != 0 ? a[i] : b[i];
    }
  }

  static void where(byte[] c, long[] a, long[] b, long[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = c[i] != 0 ? a[i] : b[i];
    }
  }

  static void where(byte[] c, byte[] a, byte[] b, byte[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = c[i] != 0 ? a[i] : b[i];
    }
  }

  static void toFloats(byte[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = a[i];
    }
  }

  static void toFloats(double[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = (float) a[i];
    }
  }

  static void toFloats(long[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = a[i];
    }
  }

  static float max(float[] a, int n) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      max = Math.max(max, a[i]);
    }
    return max;
  }

  /** In float64, by four sums that don't wait for each other. */
  static double sum(float[] a, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 3 < n; i += 4) {
      s0 += a[i];
      s1 += a[i + 1];
      s2 += a[i + 2];
      s3 += a[i + 3];
    }
    for (; i < n; i++) {
      s0 += a[i];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
