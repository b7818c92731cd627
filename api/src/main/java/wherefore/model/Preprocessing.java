package wherefore.model;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a file's content becomes the numbers that go in. */
public sealed interface Preprocessing {
  /** The tensor of a {@code .npy} file as it is. */
  record Raw() implements Preprocessing {}

  /**
   * An image: brought to width × height, then for each channel (pixel · scale − mean) / deviation
   * with pixels from 0 to 255.
   *
   * @param width columns
   * @param height rows
   * @param channels which, in order
   * @param layout where the channel axis is
   * @param scale one number, or one a channel
   * @param mean likewise
   * @param deviation likewise
   * @param fit how an image of another size is brought to it
   */
  record Image(
      int width,
      int height,
      Channels channels,
      Layout layout,
      List<Double> scale,
      List<Double> mean,
      List<Double> deviation,
      Fit fit)
      implements Preprocessing {
    /** Copies the lists. */
    public Image {
      scale = List.copyOf(scale);
      mean = List.copyOf(mean);
      deviation = List.copyOf(deviation);
    }

    /** An image that must have the right proportion. */
    public Image(
        int width,
        int height,
        Channels channels,
        Layout layout,
        List<Double> scale,
        List<Double> mean,
        List<Double> deviation) {
      this(
          width,
          height,
          channels,
          layout,
          scale,
          mean,
          deviation,
          new Fit.Proportional(Sampling.LIGHT));
    }
  }

  /** How an image of another size is brought to a model's. */
  sealed interface Fit {
    /** How its pixels are made. */
    Sampling sampling();

    /** Resized; one of another proportion is refused. */
    record Proportional(Sampling sampling) implements Fit {}

    /** Resized, whatever its proportion. */
    record Stretched(Sampling sampling) implements Fit {}

    /**
     * Resized until its shorter side has an extent, then cut to the model's size around its centre.
     *
     * @param shorter pixels
     */
    record Cropped(int shorter, Sampling sampling) implements Fit {}
  }

  /** How a resized image's pixels are made. */
  enum Sampling {
    /** As means of light over the areas that they cover; linear between pixels where it grows. */
    LIGHT,
    /**
     * As Pillow and torchvision do by default: of the file's samples, with a triangle as wide as
     * the larger of both pixels, rounded to eight bits after each axis.
     */
    BILINEAR
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
   * A row of a table: (value − mean) / deviation for each number that goes in; no list, no change.
   *
   * @param mean empty, or one a number that goes in
   * @param deviation likewise
   * @param categories by the features that are words: all that they may be, in order
   * @param encoding how such a word becomes numbers
   */
  record Table(
      List<Double> mean,
      List<Double> deviation,
      Map<String, List<String>> categories,
      Encoding encoding)
      implements Preprocessing {
    /** Copies the lists. */
    public Table {
      mean = List.copyOf(mean);
      deviation = List.copyOf(deviation);
      categories = Collections.unmodifiableMap(new LinkedHashMap<>(categories));
    }

    /** A table of numbers. */
    public Table(List<Double> mean, List<Double> deviation) {
      this(mean, deviation, Map.of(), Encoding.ONE_HOT);
    }
  }

  /** How one of some words becomes numbers. */
  enum Encoding {
    /** 1 at its place, 0 at the others': as many numbers as there are words. */
    ONE_HOT,
    /** Its place, counted from 0. */
    INDEX
  }

  /**
   * A text, cut into tokens that are looked up in a vocabulary.
   *
   * @param tokenizer how
   * @param vocabulary a file: one token a line, a JSON object from token to number, or a {@code
   *     tokenizer.json}
   * @param merges for {@link Tokenizer#BPE} the file of merges, unless the vocabulary has them
   * @param lowercase true if case and accents are taken away first; empty for what the vocabulary's
   *     file says, else what is usual
   * @param prefixSpace for {@link Tokenizer#BPE} true if a space is put in front of the text
   * @param length the most tokens, or empty
   * @param special the tokens {@code begin}, {@code end}, {@code unknown}, {@code padding}, where
   *     they are not the usual ones; an empty text for none
   */
  record Text(
      Tokenizer tokenizer,
      Path vocabulary,
      Optional<Path> merges,
      Optional<Boolean> lowercase,
      Optional<Boolean> prefixSpace,
      Optional<Integer> length,
      Map<String, String> special)
      implements Preprocessing {
    /** Copies the map. */
    public Text {
      special = Map.copyOf(special);
    }
  }

  /** How a text is cut into tokens. */
  enum Tokenizer {
    /** Words and signs, cut into the longest known pieces (BERT). */
    WORDPIECE,
    /** Bytes, joined pair by pair (GPT-2, RoBERTa). */
    BPE,
    /** What stands between blanks. */
    WHITESPACE
  }
}
