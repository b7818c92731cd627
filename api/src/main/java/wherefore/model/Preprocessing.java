package wherefore.model;

import java.util.List;

/** How a file's content becomes the numbers that go in. */
public sealed interface Preprocessing {
  /** The tensor of a {@code .npy} file as it is. */
  record Raw() implements Preprocessing {}

  /**
   * An image: resized to width × height, then for each channel (pixel · scale − mean) / deviation
   * with pixels from 0 to 255.
   *
   * @param width columns
   * @param height rows
   * @param channels which, in order
   * @param layout where the channel axis is
   * @param scale one number, or one a channel
   * @param mean likewise
   * @param deviation likewise
   */
  record Image(
      int width,
      int height,
      Channels channels,
      Layout layout,
      List<Double> scale,
      List<Double> mean,
      List<Double> deviation)
      implements Preprocessing {
    /** Copies the lists. */
    public Image {
      scale = List.copyOf(scale);
      mean = List.copyOf(mean);
      deviation = List.copyOf(deviation);
    }
  }

  /** An image's channels. */
  enum Channels {
    /** One: luminance. */
    GREY,
    /** Red, green, blue. */
    RGB,
    /** Blue, green, red. */
    BGR
  }

  /** Where an image's channel axis is. */
  enum Layout {
    /** [batch, channel, row, column]. */
    NCHW,
    /** [batch, row, column, channel]. */
    NHWC
  }

  /**
   * A row of a table: (value − mean) / deviation for each feature; no list, no change.
   *
   * @param mean empty, or one a feature
   * @param deviation empty, or one a feature
   */
  record Table(List<Double> mean, List<Double> deviation) implements Preprocessing {
    /** Copies the lists. */
    public Table {
      mean = List.copyOf(mean);
      deviation = List.copyOf(deviation);
    }
  }
}
