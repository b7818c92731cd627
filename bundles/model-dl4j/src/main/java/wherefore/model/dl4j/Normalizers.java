package wherefore.model.dl4j;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.MultiNormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.MultiNormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.serializer.NormalizerSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Channels;
import wherefore.model.Preprocessing.Layout;

/**
 * The normalizer that may lie in a model's zip, as preprocessing. Only the kinds that DL4J writes
 * as plain numbers are read; a custom one names a class to load, and is refused.
 */
final class Normalizers {
  private static final Logger LOG = LoggerFactory.getLogger(Normalizers.class);
  private static final String MAGIC = "NORMALIZER";
  private static final int VERSION = 1;

  /** x = (value · scale − mean) / deviation; one number each, or one a feature or channel. */
  private record Affine(List<Double> scale, List<Double> mean, List<Double> deviation) {}

  /** DL4J's constants; its file has nothing behind the kind. */
  private static final Affine VGG16 =
      new Affine(List.of(1.0), List.of(103.939, 116.779, 123.68), List.of(1.0));

  private static final List<String> KINDS =
      List.of(
          "STANDARDIZE",
          "MIN_MAX",
          "IMAGE_MIN_MAX",
          "IMAGE_VGG16",
          "MULTI_STANDARDIZE",
          "MULTI_MIN_MAX");

  private static final int MAX_OUTPUTS = 1000;

  private Normalizers() {}

  /**
   * What the bytes say.
   *
   * @param input what is normalized
   * @return empty, with a line in the log, if it needs an image's size that the model does not tell
   */
  static Optional<Preprocessing> read(byte[] bytes, Port input, String where)
      throws ModelException {
    String kind = kind(bytes, where);
    int start = 2 + MAGIC.length() + 4 + 2 + kind.length();
    if (kind.equals("IMAGE_VGG16")) {
      return preprocessing(VGG16, Channels.BGR, input, where);
    }
    if (!isOfOneInput(kind, bytes, start, where)) {
      LOG.warn("{}: the normalizer is not used: it is for several inputs", where);
      return Optional.empty();
    }
    check(kind, bytes, start, where);
    return preprocessing(restored(bytes, where), Channels.RGB, input, where);
  }

  private static void check(String kind, byte[] bytes, int start, String where)
      throws ModelException {
    switch (kind) {
      case "STANDARDIZE" -> SerializedArray.check(bytes, start + 1, 2, where);
      case "MIN_MAX" -> SerializedArray.check(bytes, start + 1 + 16, 2, where);
      case "MULTI_STANDARDIZE" ->
          SerializedArray.check(bytes, start + 9, arrays(bytes, start, where), where);
      case "MULTI_MIN_MAX" ->
          SerializedArray.check(bytes, start + 9 + 16, arrays(bytes, start, where), where);
      case "IMAGE_MIN_MAX" -> {}
      default ->
          throw new ModelException(
              "%s holds a normalizer of the kind %s; known: %s"
                  .formatted(where, kind, String.join(", ", KINDS)));
    }
  }

  /** Normalizers of several inputs say how many right behind their kind and a flag. */
  private static boolean isOfOneInput(String kind, byte[] bytes, int start, String where)
      throws ModelException {
    return !kind.startsWith("MULTI_")
        || !kind.equals("MULTI_HYBRID") && number(bytes, start + 1, where) == 1;
  }

  /** Two for the input, and two for each output whose labels were normalized. */
  private static int arrays(byte[] bytes, int start, String where) throws ModelException {
    int outputs = bytes[start] == 0 ? 0 : number(bytes, start + 5, where);
    if (outputs < 0 || outputs > MAX_OUTPUTS) {
      throw new ModelException(
          "%s normalizes %,d outputs; at most %d are read".formatted(where, outputs, MAX_OUTPUTS));
    }
    return 2 + 2 * outputs;
  }

  private static int number(byte[] bytes, int offset, String where) throws ModelException {
    if (offset + Integer.BYTES > bytes.length) {
      throw new ModelException(where + " ends before the normalizer begins");
    }
    return ByteBuffer.wrap(bytes).getInt(offset);
  }

  private static String kind(byte[] bytes, String where) throws ModelException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      String magic = in.readUTF();
      int version = in.readInt();
      if (!magic.equals(MAGIC) || version != VERSION) {
        throw new ModelException(
            "%s begins with %s, version %d; known: %s, version %d"
                .formatted(where, magic, version, MAGIC, VERSION));
      }
      return in.readUTF();
    } catch (ModelException e) {
      throw e;
    } catch (IOException e) {
      throw new ModelException(where + " ends before the normalizer begins", e);
    }
  }

  private static Affine restored(byte[] bytes, String where) throws ModelException {
    try {
      Object normalizer =
          NormalizerSerializer.getDefault().restore(new ByteArrayInputStream(bytes));
      return switch (normalizer) {
        case NormalizerStandardize s ->
            new Affine(List.of(1.0), taken(s.getMean()), taken(s.getStd()));
        case NormalizerMinMaxScaler m ->
            minMax(taken(m.getMin()), taken(m.getMax()), m.getTargetMin(), m.getTargetMax());
        case MultiNormalizerStandardize s ->
            new Affine(List.of(1.0), taken(s.getFeatureMean(0)), taken(s.getFeatureStd(0)));
        case MultiNormalizerMinMaxScaler m ->
            minMax(taken(m.getMin(0)), taken(m.getMax(0)), m.getTargetMin(), m.getTargetMax());
        case ImagePreProcessingScaler i ->
            new Affine(
                List.of((i.getMaxRange() - i.getMinRange()) / i.getMaxPixelVal()),
                List.of(-i.getMinRange()),
                List.of(1.0));
        default -> throw new AssertionError(normalizer.getClass());
      };
    } catch (Exception e) {
      throw new ModelException(where + ": DL4J can't restore the normalizer: " + e.getMessage(), e);
    }
  }

  /** (v − min) / (max − min) · (high − low) + low. */
  private static Affine minMax(List<Double> min, List<Double> max, double low, double high) {
    double width = high - low;
    List<Double> deviation =
        IntStream.range(0, min.size()).mapToObj(i -> (max.get(i) - min.get(i)) / width).toList();
    List<Double> mean =
        IntStream.range(0, min.size()).mapToObj(i -> min.get(i) - low * deviation.get(i)).toList();
    return new Affine(List.of(1.0), mean, deviation);
  }

  private static List<Double> taken(INDArray array) {
    double[] values = Weights.copy(array).toDoubles();
    return Arrays.stream(values).boxed().toList();
  }

  private static Optional<Preprocessing> preprocessing(
      Affine affine, Channels colours, Port input, String where) {
    int rank = input.axes().size();
    if (rank == 2 && affine.scale().equals(List.of(1.0))) {
      return Optional.of(new Preprocessing.Table(affine.mean(), affine.deviation()));
    }
    boolean sized = input.axes().stream().skip(1).noneMatch(Port.Axis::isFree);
    if (rank == 4 && sized) {
      return image(affine, colours, input);
    }
    LOG.warn("{}: the normalizer is not used: a card must say the size of the image", where);
    return Optional.empty();
  }

  private static Optional<Preprocessing> image(Affine affine, Channels colours, Port input) {
    int channels = input.axes().get(1).extent();
    if (channels != 1 && channels != 3) {
      return Optional.empty();
    }
    return Optional.of(
        new Preprocessing.Image(
            input.axes().get(3).extent(),
            input.axes().get(2).extent(),
            channels == 1 ? Channels.GREY : colours,
            Layout.NCHW,
            affine.scale(),
            affine.mean(),
            affine.deviation()));
  }
}
