package wherefore.readers;

import java.util.ArrayList;
import java.util.List;

/**
 * Changes an image's size in linear light, so that mean brightness is kept.
 *
 * <p>Samples are decoded from sRGB to light, weighted along each axis, and encoded again, all in
 * floating point. Where an axis shrinks, an output pixel is the mean over the area that it covers,
 * border pixels by their covered part; where it grows, it lies between the two nearest pixel
 * centres, linearly. Without a change of size samples pass untouched.
 */
final class Resampler {
  private record Tap(int output, float weight) {}

  private final int width;
  private final int height;
  private final int newWidth;
  private final int newHeight;

  Resampler(int width, int height, int newWidth, int newHeight) {
    this.width = width;
    this.height = height;
    this.newWidth = newWidth;
    this.newHeight = newHeight;
  }

  /** The image in its new size: red, green and blue from 0 to 1 for each pixel, row by row. */
  float[] resample(Samples samples) {
    boolean same = width == newWidth && height == newHeight;
    List<List<Tap>> columns = taps(width, newWidth);
    List<List<Tap>> rows = taps(height, newHeight);
    float[] out = new float[3 * newWidth * newHeight];
    float[] source = new float[3 * width];
    for (int y = 0; y < height; y++) {
      samples.row(y, source);
      if (same) {
        System.arraycopy(source, 0, out, 3 * width * y, 3 * width);
      } else {
        toLight(source);
        spread(squeeze(source, columns), rows.get(y), out);
      }
    }
    if (!same) {
      toSamples(out);
    }
    return out;
  }

  private float[] squeeze(float[] source, List<List<Tap>> columns) {
    float[] row = new float[3 * newWidth];
    for (int x = 0; x < width; x++) {
      for (Tap tap : columns.get(x)) {
        for (int c = 0; c < 3; c++) {
          row[3 * tap.output + c] += tap.weight * source[3 * x + c];
        }
      }
    }
    return row;
  }

  private void spread(float[] row, List<Tap> taps, float[] out) {
    for (Tap tap : taps) {
      int at = tap.output * row.length;
      for (int i = 0; i < row.length; i++) {
        out[at + i] += tap.weight * row[i];
      }
    }
  }

  /** For each old place along an axis the new places that it contributes to. */
  private static List<List<Tap>> taps(int from, int to) {
    List<List<Tap>> taps = new ArrayList<>();
    for (int i = 0; i < from; i++) {
      taps.add(new ArrayList<>());
    }
    for (int o = 0; o < to; o++) {
      if (to < from) {
        covered(o, from, to, taps);
      } else {
        between(o, from, to, taps);
      }
    }
    return taps;
  }

  private static void covered(int output, int from, int to, List<List<Tap>> taps) {
    double scale = (double) from / to;
    double start = output * scale;
    double end = (output + 1) * scale;
    for (int i = (int) start; i < Math.min(from, Math.ceil(end)); i++) {
      double part = Math.min(end, i + 1) - Math.max(start, i);
      if (part > 0) {
        taps.get(i).add(new Tap(output, (float) (part / scale)));
      }
    }
  }

  private static void between(int output, int from, int to, List<List<Tap>> taps) {
    double centre = (output + 0.5) * from / to - 0.5;
    double inside = Math.clamp(centre, 0, from - 1);
    int low = (int) inside;
    int high = Math.min(low + 1, from - 1);
    float part = (float) (inside - low);
    taps.get(low).add(new Tap(output, 1 - part));
    if (part > 0) {
      taps.get(high).add(new Tap(output, part));
    }
  }

  private static void toLight(float[] samples) {
    for (int i = 0; i < samples.length; i++) {
      double s = samples[i];
      samples[i] = (float) (s <= 0.04045 ? s / 12.92 : Math.pow((s + 0.055) / 1.055, 2.4));
    }
  }

  private static void toSamples(float[] light) {
    for (int i = 0; i < light.length; i++) {
      double l = Math.clamp(light[i], 0f, 1f);
      light[i] = (float) (l <= 0.0031308 ? 12.92 * l : 1.055 * Math.pow(l, 1 / 2.4) - 0.055);
    }
  }
}
