package wherefore.readers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import wherefore.model.Input;
import wherefore.model.InputReader;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.model.ProvidesReader;
import wherefore.tensor.Tensor;

/**
 * Images: PNG (8 and 16 bits), JPEG, BMP, GIF (its first frame).
 *
 * <p>Samples are taken as sRGB whatever profile or orientation tag the file holds; transparent
 * pixels are laid on white. An image of another size than the model's is resized by a {@link
 * Resampler} if its sides are in the same proportion to within a hundredth, and refused otherwise:
 * nothing is distorted or cut unseen.
 */
@Component
@ProvidesReader(reader = "image")
public final class ImageInputReader implements InputReader {
  private static final double PROPORTION = 0.01;

  @Override
  public String id() {
    return "image";
  }

  @Override
  public List<String> extensions() {
    return List.of("png", "jpg", "jpeg", "bmp", "gif");
  }

  @Override
  public Input read(Path file, Port port, ModelCard card) throws ModelException {
    Preprocessing.Image wanted = preprocessing(file, port, card);
    Pixels pixels = new Pixels(wanted);
    pixels.check(file, port);
    float[] rgb = decode(file, wanted);
    return new Input(
        file.toString(),
        pixels.tensor(rgb).to(port.element()),
        Optional.of(Tensor.of(pixels.pictureShape(), rgb)),
        List.of());
  }

  private static Preprocessing.Image preprocessing(Path file, Port port, ModelCard card)
      throws ModelException {
    if (card.preprocessing().orElse(null) instanceof Preprocessing.Image image) {
      return image;
    }
    String says =
        card.preprocessing()
            .map(
                p ->
                    "says that a "
                        + (p instanceof Preprocessing.Table ? "table" : "tensor")
                        + " becomes the input")
            .orElse("does not say how an image becomes the input");
    throw new ModelException(
        "%s: is an image, but the model's card %s %s; its \"input\" must be of kind image, with width, height, channels (grey, rgb, bgr), scale, mean and std%s"
            .formatted(file, says, port, guess(port)));
  }

  private static String guess(Port port) {
    if (port.axes().size() != 4) {
      return "";
    }
    int channels = port.axes().get(1).extent();
    return channels == 1 || channels == 3
        ? "; the input looks like nchw, " + (channels == 1 ? "grey" : "rgb or bgr")
        : "";
  }

  private static float[] decode(Path file, Preprocessing.Image wanted) throws ModelException {
    try (ImageFile image = ImageFile.open(file)) {
      requireProportion(file, image, wanted);
      return new Resampler(image.width(), image.height(), wanted.width(), wanted.height())
          .resample(image.decode());
    } catch (ModelException e) {
      throw e;
    } catch (IOException e) {
      throw new ModelException(file + ": can't be read: " + e.getMessage(), e);
    }
  }

  private static void requireProportion(Path file, ImageFile image, Preprocessing.Image wanted)
      throws ModelException {
    double stretch =
        (double) image.width() * wanted.height() / ((double) image.height() * wanted.width());
    if (Math.abs(stretch - 1) > PROPORTION) {
      throw new ModelException(
          "%s: wrong image size: it is %d x %d pixels, the model takes %d x %d; crop or pad it to that proportion"
              .formatted(file, image.width(), image.height(), wanted.width(), wanted.height()));
    }
  }
}
