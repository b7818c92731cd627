package wherefore.readers;

/**
 * Changes an image's size as Pillow's {@code resize} with {@code BILINEAR} does, and so
 * torchvision's {@code Resize} of a picture: each axis by itself, columns first, with a triangle
 * whose half width is one pixel of the larger kind, in fixed-point numbers of 22 bits, rounded to
 * eight bits after each axis.
 */
final class Bilinear {
  private static final int BITS = 22;

  private record Taps(int first, int[] weights) {}

  private final int width;
  private final int height;
  private final int newWidth;
  private final int newHeight;

  Bilinear(int width, int height, int newWidth, int newHeight) {
    this.width = width;
    this.height = height;
    this.newWidth = newWidth;
    this.newHeight = newHeight;
  }

  /** The image in its new size: red, green and blue from 0 to 1 for each pixel, row by row. */
  float[] resample(Samples samples) {
    Taps[] columns = taps(width, newWidth);
    byte[][] narrow = new byte[height][];
    float[] source = new float[3 * width];
    for (int y = 0; y < height; y++) {
      samples.row(y, source);
      narrow[y] = narrow(source, columns);
    }
    float[] out = new float[3 * newWidth * newHeight];
    Taps[] rows = taps(height, newHeight);
    for (int y = 0; y < newHeight; y++) {
      for (int i = 0; i < 3 * newWidth; i++) {
        out[3 * newWidth * y + i] = sum(narrow, rows[y], i) / 255f;
      }
    }
    return out;
  }

  private byte[] narrow(float[] source, Taps[] columns) {
    byte[] row = new byte[3 * newWidth];
    for (int x = 0; x < newWidth; x++) {
      Taps taps = columns[x];
      for (int c = 0; c < 3; c++) {
        long sum = 1L << (BITS - 1);
        for (int k = 0; k < taps.weights.length; k++) {
          sum += (long) taps.weights[k] * Math.round(255 * source[3 * (taps.first + k) + c]);
        }
        row[3 * x + c] = (byte) Math.clamp(sum >> BITS, 0, 255);
      }
    }
    return row;
  }

  private static int sum(byte[][] rows, Taps taps, int at) {
    long sum = 1L << (BITS - 1);
    for (int k = 0; k < taps.weights.length; k++) {
      sum += (long) taps.weights[k] * (rows[taps.first + k][at] & 0xff);
    }
    return Math.clamp(sum >> BITS, 0, 255);
  }

  private static Taps[] taps(int from, int to) {
    double scale = (double) from / to;
    double reach = Math.max(scale, 1);
    Taps[] all = new Taps[to];
    for (int o = 0; o < to; o++) {
      double centre = (o + 0.5) * scale;
      int first = Math.max(0, (int) (centre - reach + 0.5));
      int end = Math.min(from, (int) (centre + reach + 0.5));
      all[o] = new Taps(first, weights(first, end, centre, reach));
    }
    return all;
  }

  private static int[] weights(int first, int end, double centre, double reach) {
    double[] exact = new double[end - first];
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      exact[i] = Math.max(0, 1 - Math.abs((first + i - centre + 0.5) / reach));
      sum += exact[i];
    }
    int[] weights = new int[exact.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (int) (0.5 + exact[i] / sum * (1 << BITS));
    }
    return weights;
  }
}
