package wherefore.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * The one-dimensional transforms of F(4, 3) over rows of many tiles and channels at once.
 *
 * <p>Each loop runs over distinct arrays at one index and writes at most two of them: that form,
 * and no larger one, the compiler turns into vector instructions by itself. Nothing is allocated.
 */
final class WinogradLoops {
  private WinogradLoops() {}

  /** Bᵀd: six rows of an input become the six rows of its transform. */
  static void input(float[][] d, float[][] y, int n) {
    outer(d[0], d[2], d[4], y[0], n);
    sumAndDifference(d[1], d[2], d[3], d[4], y[1], y[2], n);
    slopes(d[1], d[2], d[3], d[4], y[3], y[4], n);
    outer(d[1], d[3], d[5], y[5], n);
  }

  private static void outer(float[] a, float[] b, float[] c, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = 4 * a[i] - 5 * b[i] + c[i];
    }
  }

  private static void sumAndDifference(
      float[] d1, float[] d2, float[] d3, float[] d4, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      float even = d4[i] - 4 * d2[i];
      float odd = d3[i] - 4 * d1[i];
      y[i] = even + odd;
      z[i] = even - odd;
    }
  }

  private static void slopes(
      float[] d1, float[] d2, float[] d3, float[] d4, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      float even = d4[i] - d2[i];
      float odd = 2 * (d3[i] - d1[i]);
      y[i] = even + odd;
      z[i] = even - odd;
    }
  }

  /** Aᵀm: six rows of a product become four rows of the output. */
  static void output(float[][] m, float[][] y, int n) {
    even(m[1], m[2], m[3], m[4], y[0], y[2], n);
    odd(m[1], m[2], m[3], m[4], y[1], y[3], n);
    add(m[0], y[0], n);
    add(m[5], y[3], n);
  }

  private static void even(
      float[] m1, float[] m2, float[] m3, float[] m4, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      float inner = m1[i] + m2[i];
      float outer = m3[i] + m4[i];
      y[i] = inner + outer;
      z[i] = inner + 4 * outer;
    }
  }

  private static void odd(
      float[] m1, float[] m2, float[] m3, float[] m4, float[] y, float[] z, int n) {
    for (int i = 0; i < n; i++) {
      float inner = m1[i] - m2[i];
      float outer = m3[i] - m4[i];
      y[i] = inner + 2 * outer;
      z[i] = inner + 8 * outer;
    }
  }

  private static void add(float[] a, float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] += a[i];
    }
  }

  /** max(y, 0) in place. */
  static void relu(float[] y, int n) {
    for (int i = 0; i < n; i++) {
      y[i] = Math.max(0f, y[i]);
    }
  }

  /**
   * Copies blocks of channels out of native memory, a place so far behind the other, into an array.
   *
   * @param bytes of a block, a multiple of 32
   */
  static void split(
      MemorySegment from,
      long start,
      long step,
      MemorySegment to,
      long target,
      long targetStep,
      int count,
      int bytes) {
    for (int e = 0; e < bytes; e += 32) {
      for (int i = 0; i < count; i++) {
        long s = start + e + i * step;
        long t = target + e + i * targetStep;
        long a = from.get(JAVA_LONG_UNALIGNED, s);
        long b = from.get(JAVA_LONG_UNALIGNED, s + 8);
        long c = from.get(JAVA_LONG_UNALIGNED, s + 16);
        long d = from.get(JAVA_LONG_UNALIGNED, s + 24);
        to.set(JAVA_LONG_UNALIGNED, t, a);
        to.set(JAVA_LONG_UNALIGNED, t + 8, b);
        to.set(JAVA_LONG_UNALIGNED, t + 16, c);
        to.set(JAVA_LONG_UNALIGNED, t + 24, d);
      }
    }
  }

  /**
   * The way back, from an array into native memory. It says the same in a method of its own because
   * the compiler makes direct accesses only where a method always meets the same kinds of memory.
   */
  static void join(
      MemorySegment from,
      long start,
      long step,
      MemorySegment to,
      long target,
      long targetStep,
      int count,
      int bytes) {
    for (int e = 0; e < bytes; e += 32) {
      for (int i = 0; i < count; i++) {
        long s = start + e + i * step;
        long t = target + e + i * targetStep;
        long a = from.get(JAVA_LONG_UNALIGNED, s);
        long b = from.get(JAVA_LONG_UNALIGNED, s + 8);
        long c = from.get(JAVA_LONG_UNALIGNED, s + 16);
        long d = from.get(JAVA_LONG_UNALIGNED, s + 24);
        to.set(JAVA_LONG_UNALIGNED, t, a);
        to.set(JAVA_LONG_UNALIGNED, t + 8, b);
        to.set(JAVA_LONG_UNALIGNED, t + 16, c);
        to.set(JAVA_LONG_UNALIGNED, t + 24, d);
      }
    }
  }
}
