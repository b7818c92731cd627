package wherefore.readers;

import java.nio.file.Path;
import java.util.List;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Channels;
import wherefore.model.Preprocessing.Layout;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * The way between a picture and the numbers that a model takes: for each channel (255 · sample ·
 * scale − mean) / deviation, and back.
 *
 * <p>Grey is 0.299 red + 0.587 green + 0.114 blue of the samples as the file has them (ITU-R
 * BT.601), which is what the usual libraries train with.
 */
final class Pixels {
  private final Preprocessing.Image image;
  private final int channels;

  Pixels(Preprocessing.Image image) {
    this.image = image;
    this.channels = image.channels() == Channels.GREY ? 1 : 3;
  }

  /** What a model of this card takes. */
  Shape shape() {
    return image.layout() == Layout.NCHW
        ? Shape.of(1, channels, image.height(), image.width())
        : Shape.of(1, image.height(), image.width(), channels);
  }

  Shape pictureShape() {
    return Shape.of(image.height(), image.width(), 3);
  }

  /**
   * Checks the card against itself and the model.
   *
   * @throws ModelException if they contradict each other
   */
  void check(Path file, Port port) throws ModelException {
    checkLength(file, "scale", image.scale());
    checkLength(file, "mean", image.mean());
    checkLength(file, "deviation", image.deviation());
    if (image.width() < 1 || image.height() < 1) {
      throw new ModelException(
          "%s: the model's card has the image size %d x %d; both must be at least 1"
              .formatted(file, image.width(), image.height()));
    }
    if (!port.accepts(shape()) || !port.element().isFloating()) {
      throw new ModelException(
          "%s: the model's card makes images %s (%s, %s), but the model takes %s; correct the card"
              .formatted(
                  file,
                  shape(),
                  Readers.lower(image.channels()),
                  Readers.lower(image.layout()),
                  port));
    }
  }

  private void checkLength(Path file, String what, List<Double> numbers) throws ModelException {
    if (numbers.size() > 1 && numbers.size() != channels) {
      throw new ModelException(
          "%s: the model's card has %d numbers for %s; it must have 1, or %d (one a channel)"
              .formatted(file, numbers.size(), what, channels));
    }
  }

  /** The model's input from red, green and blue, from 0 to 1, of each pixel. */
  Tensor tensor(float[] rgb) {
    float[] out = new float[channels * rgb.length / 3];
    for (int pixel = 0; pixel < rgb.length / 3; pixel++) {
      for (int c = 0; c < channels; c++) {
        double value = 255 * sample(rgb, pixel, c) * number(image.scale(), c, 1);
        double centred = value - number(image.mean(), c, 0);
        out[place(pixel, c)] = (float) (centred / number(image.deviation(), c, 1));
      }
    }
    return Tensor.of(shape(), out);
  }

  /** What a person would see of a model's input. */
  Tensor picture(Tensor input) {
    float[] rgb = new float[pictureShape().size()];
    for (int pixel = 0; pixel < rgb.length / 3; pixel++) {
      for (int c = 0; c < channels; c++) {
        double centred = input.get(place(pixel, c)) * number(image.deviation(), c, 1);
        double value = (centred + number(image.mean(), c, 0)) / number(image.scale(), c, 1);
        float sample = (float) Math.clamp(value / 255, 0, 1);
        for (int colour = 0; colour < 3; colour++) {
          if (channels == 1 || colour == colour(c)) {
            rgb[3 * pixel + colour] = sample;
          }
        }
      }
    }
    return Tensor.of(pictureShape(), rgb);
  }

  private int place(int pixel, int channel) {
    return image.layout() == Layout.NCHW
        ? channel * image.width() * image.height() + pixel
        : pixel * channels + channel;
  }

  private double sample(float[] rgb, int pixel, int channel) {
    double red = rgb[3 * pixel];
    if (channels == 3) {
      return rgb[3 * pixel + colour(channel)];
    }
    // In this form equal samples give exactly their value.
    return red + 0.587 * (rgb[3 * pixel + 1] - red) + 0.114 * (rgb[3 * pixel + 2] - red);
  }

  private int colour(int channel) {
    return image.channels() == Channels.BGR ? 2 - channel : channel;
  }

  private static double number(List<Double> numbers, int channel, double otherwise) {
    return numbers.isEmpty() ? otherwise : numbers.get(Math.min(channel, numbers.size() - 1));
  }
}
