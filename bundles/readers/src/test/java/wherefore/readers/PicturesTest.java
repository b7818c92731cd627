package wherefore.readers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.model.Input;
import wherefore.model.ModelException;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Channels;
import wherefore.model.Preprocessing.Fit;
import wherefore.model.Preprocessing.Layout;
import wherefore.model.Preprocessing.Sampling;
import wherefore.tensor.ElementType;
import wherefore.tensor.Npy;

/** Files that Pillow 12 wrote, and what Pillow makes of them. */
class PicturesTest {
  private static final Path FILES = Path.of("src/test/resources/images");
  private final ImageInputReader reader = new ImageInputReader();

  private Input read(String file, int width, int height, Fit fit) throws ModelException {
    Preprocessing.Image image =
        new Preprocessing.Image(
            width, height, Channels.RGB, Layout.NHWC, List.of(1.0), List.of(), List.of(), fit);
    return reader.read(
        FILES.resolve(file), Cards.port(ElementType.FLOAT32, height, width, 3), Cards.of(image));
  }

  private static float[] golden(String file) throws IOException {
    return Npy.read(FILES.resolve(file)).toFloats();
  }

  private static final Fit PLAIN = new Fit.Proportional(Sampling.LIGHT);

  @ParameterizedTest
  @CsvSource({"10, 12", "28, 31"})
  void resizesAndCutsAsTorchvision(int size, int shorter) throws IOException {
    float[] values =
        read("wide.png", size, size, new Fit.Cropped(shorter, Sampling.BILINEAR))
            .value()
            .toFloats();
    assertArrayEquals(golden("wide-resize%d-crop%d.npy".formatted(shorter, size)), values, 1e-4f);
  }

  @Test
  void stretchesAsPillow() throws IOException {
    float[] values =
        read("wide.png", 14, 9, new Fit.Stretched(Sampling.BILINEAR)).value().toFloats();
    assertArrayEquals(golden("wide-stretch-9x14.npy"), values, 1e-4f);
  }

  @ParameterizedTest
  @ValueSource(strings = {"wide.webp", "wide.bmp"})
  void losslessFilesAreReadAlike(String file) throws IOException {
    assertArrayEquals(
        read("wide.png", 37, 23, PLAIN).value().toFloats(),
        read(file, 37, 23, PLAIN).value().toFloats());
  }

  @Test
  void lossyWebpIsReadAsPillowDoesToAFewSteps() throws IOException {
    float[] ours = read("lossy.webp", 37, 23, PLAIN).value().toFloats();
    float[] theirs = golden("lossy.npy");
    double sum = 0;
    for (int i = 0; i < ours.length; i++) {
      sum += Math.abs(ours[i] - theirs[i]);
    }
    // Decoders interpolate colour differently.
    assertEquals(0, sum / ours.length, 3, "mean difference " + sum / ours.length);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exif1.jpg",
        "exif2.jpg",
        "exif3.jpg",
        "exif4.jpg",
        "exif5.jpg",
        "exif6.jpg",
        "exif7.jpg",
        "exif8.jpg",
        "exif1.png",
        "exif6.png",
        "exif1.webp",
        "exif6.webp"
      })
  void cameraHeldInAnyWay(String file) throws IOException {
    float[] rgb = read(file, 16, 8, PLAIN).value().toFloats();
    // Red, green, blue and yellow from the top left, row by row.
    colour(rgb, 3, 1, 250, 0, 0);
    colour(rgb, 12, 1, 0, 250, 0);
    colour(rgb, 3, 6, 0, 0, 250);
    colour(rgb, 12, 6, 250, 250, 0);
  }

  private static void colour(float[] rgb, int x, int y, int... expected) {
    for (int c = 0; c < 3; c++) {
      assertEquals(
          expected[c], rgb[3 * (16 * y + x) + c], 8, "channel " + c + " at " + x + "," + y);
    }
  }

  @Test
  void greyTransparentAndMovingWebp() throws IOException {
    float[] grey = read("grey.webp", 37, 23, PLAIN).value().toFloats();
    assertEquals(grey[0], grey[1]);
    float[] alpha = read("alpha.webp", 37, 23, PLAIN).value().toFloats();
    assertEquals(255, alpha[0], 1e-3, "the left column is transparent, so white");
    assertEquals(20 * 20 * 3, read("anim.webp", 20, 20, PLAIN).value().size());
  }

  @Test
  void coloursForPrintingAreRefused() {
    assertEquals(
        "src/test/resources/images/cmyk.jpg: its colours are neither grey nor red, green and blue"
            + " (CMYK, as for printing?); convert it to RGB",
        assertThrows(ModelException.class, () -> read("cmyk.jpg", 37, 23, PLAIN)).getMessage());
  }
}
