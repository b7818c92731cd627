package wherefore.readers;

import java.nio.file.Path;
import wherefore.model.ModelException;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Fit;
import wherefore.model.Preprocessing.Sampling;

/** Brings an image to a model's size. */
final class Fitting {
  private static final double PROPORTION = 0.01;

  private final Path file;
  private final Preprocessing.Image wanted;

  Fitting(Path file, Preprocessing.Image wanted) {
    this.file = file;
    this.wanted = wanted;
  }

  /**
   * Refuses what is not to be distorted.
   *
   * @param width as a person sees it
   * @param height likewise
   */
  void check(int width, int height) throws ModelException {
    double stretch = (double) width * wanted.height() / ((double) height * wanted.width());
    if (wanted.fit() instanceof Fit.Proportional && Math.abs(stretch - 1) > PROPORTION) {
      throw new ModelException(
          "%s: wrong image size: it is %d x %d pixels, the model takes %d x %d; crop or pad it to that proportion, or let the card say so by input.fit: crop cuts around the centre, stretch distorts"
              .formatted(file, width, height, wanted.width(), wanted.height()));
    }
  }

  /** Red, green and blue from 0 to 1, for each pixel of the model's size. */
  float[] rgb(Samples samples, int width, int height) {
    Fit fit = wanted.fit();
    return switch (fit) {
      case Fit.Proportional p -> resized(samples, width, height, fit.sampling());
      case Fit.Stretched s -> resized(samples, width, height, fit.sampling());
      case Fit.Cropped c -> cropped(samples, width, height, c);
    };
  }

  private float[] resized(Samples samples, int width, int height, Sampling sampling) {
    return resized(samples, width, height, wanted.width(), wanted.height(), sampling);
  }

  private static float[] resized(
      Samples samples, int width, int height, int newWidth, int newHeight, Sampling sampling) {
    return switch (sampling) {
      case LIGHT -> new Resampler(width, height, newWidth, newHeight).resample(samples);
      case BILINEAR -> new Bilinear(width, height, newWidth, newHeight).resample(samples);
    };
  }

  private float[] cropped(Samples samples, int width, int height, Fit.Cropped fit) {
    int shorter = fit.shorter();
    boolean isWide = width > height;
    int newWidth = isWide ? (int) ((long) shorter * width / height) : shorter;
    int newHeight = isWide ? shorter : (int) ((long) shorter * height / width);
    float[] whole = resized(samples, width, height, newWidth, newHeight, fit.sampling());
    int left = (int) Math.rint((newWidth - wanted.width()) / 2.0);
    int top = (int) Math.rint((newHeight - wanted.height()) / 2.0);
    float[] cut = new float[3 * wanted.width() * wanted.height()];
    int line = 3 * wanted.width();
    for (int y = 0; y < wanted.height(); y++) {
      int from = 3 * ((top + y) * newWidth + left);
      System.arraycopy(whole, from, cut, y * line, line);
    }
    return cut;
  }
}
