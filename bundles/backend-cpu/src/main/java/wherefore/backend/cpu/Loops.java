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
}
