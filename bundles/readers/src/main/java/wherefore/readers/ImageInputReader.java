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
 * Images: PNG (8 and 16 bits), JPEG, WebP, BMP, GIF (of moving ones the first frame).
 *
 * <p>Samples are taken as sRGB whatever profile the file holds; transparent pixels are laid on
 * white; an image is turned as its EXIF tag says. An image of another size than the model's is
 * brought to it as the card says: by default it is resized if its sides are in the same proportion
 * to within a hundredth, and refused otherwise: nothing is distorted or cut unseen.
 */
@Component
@ProvidesReader(reader = "image")
public final class ImageInputReader implements InputReader {
  @Override
  public String id() {
    return "image";
  }

  @Override
  public List<String> extensions() {
    return List.of("png", "jpg", "jpeg", "webp", "bmp", "gif");
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
            .map(p -> "says that a %s becomes the input".formatted(kind(p)))
            .orElse("does not say how an image becomes the input");
    throw new ModelException(
        "%s: is an image, but the model's card %s %s; its \"input\" must be of kind image, with width, height, channels (grey, rgb, bgr), scale, mean and std%s"
            .formatted(file, says, port, guess(port)));
  }

  private static String kind(Preprocessing preprocessing) {
    return switch (preprocessing) {
      case Preprocessing.Raw r -> "tensor";
      case Preprocessing.Image i -> "image";
      case Preprocessing.Table t -> "table";
      case Preprocessing.Text t -> "text";
    };
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
      Fitting fitting = new Fitting(file, wanted);
      fitting.check(image.width(), image.height());
      return fitting.rgb(image.decode(), image.width(), image.height());
    } catch (ModelException e) {
      throw e;
    } catch (IOException e) {
      throw new ModelException(file + ": can't be read: " + e.getMessage(), e);
    }
  }
}
