package wherefore.readers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import wherefore.model.Input;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Channels;
import wherefore.model.Preprocessing.Layout;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

class ImageInputReaderTest {
  private static final Port RGB_2X2 = Cards.port(ElementType.FLOAT32, 3, 2, 2);
  private static final Port GREY_2X2 = Cards.port(ElementType.FLOAT32, 1, 2, 2);
  private final ImageInputReader reader = new ImageInputReader();
  @TempDir Path folder;

  private static BufferedImage colours() {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0x0a141e);
    image.setRGB(1, 0, 0xff0000);
    image.setRGB(0, 1, 0x00ff00);
    image.setRGB(1, 1, 0x0000ff);
    return image;
  }

  private Path file(BufferedImage image, String format) throws IOException {
    Path file = folder.resolve("picture." + format);
    ImageIO.write(image, format, file.toFile());
    return file;
  }

  private String failure(Path file, Port port, ModelCard card) {
    ModelException e = assertThrows(ModelException.class, () -> reader.read(file, port, card));
    return String.valueOf(e.getMessage()).replace(folder.toString(), "");
  }

  private static ModelCard card(int width, int height, Channels channels) {
    return Cards.of(Cards.image(width, height, channels, Layout.NCHW));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "bmp"})
  void readsChannelsInTheCardsOrderAndLayout(String format) throws IOException {
    Path file = file(colours(), format);
    Input rgb = reader.read(file, RGB_2X2, card(2, 2, Channels.RGB));
    assertArrayEquals(
        new float[] {10, 255, 0, 0, 20, 0, 255, 0, 30, 0, 0, 255}, rgb.value().toFloats());
    Input bgr =
        reader.read(
            file,
            Cards.port(ElementType.FLOAT32, 2, 2, 3),
            Cards.of(Cards.image(2, 2, Channels.BGR, Layout.NHWC)));
    assertArrayEquals(
        new float[] {30, 20, 10, 0, 0, 255, 0, 255, 0, 255, 0, 0}, bgr.value().toFloats());
    assertEquals(Shape.of(2, 2, 3), bgr.picture().orElseThrow().shape());
    assertEquals(10 / 255f, bgr.picture().orElseThrow().get(0));
    assertEquals(file.toString(), bgr.source());
  }

  @Test
  void appliesScaleMeanAndDeviationOfEachChannel() throws IOException {
    Preprocessing.Image image =
        new Preprocessing.Image(
            2,
            2,
            Channels.RGB,
            Layout.NCHW,
            List.of(1 / 255.0),
            List.of(0.5, 0.0, 1.0),
            List.of(0.25, 0.5, 2.0));
    float[] values =
        reader.read(file(colours(), "png"), RGB_2X2, Cards.of(image)).value().toFloats();
    assertEquals((10 / 255f - 0.5f) / 0.25f, values[0], 1e-6f);
    assertEquals(20 / 255f / 0.5f, values[4], 1e-6f);
    assertEquals((30 / 255f - 1) / 2, values[8], 1e-6f);
  }

  @Test
  void greySamplesStayWhatTheFileHas() throws IOException {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_BYTE_GRAY);
    image.getRaster().setPixels(0, 0, 2, 2, new int[] {0, 37, 128, 255});
    Input input = reader.read(file(image, "png"), GREY_2X2, card(2, 2, Channels.GREY));
    assertArrayEquals(new float[] {0, 37, 128, 255}, input.value().toFloats(), 1e-5f);
  }

  @Test
  void colourBecomesGreyByTheStandardsWeights() throws IOException {
    Input input = reader.read(file(colours(), "png"), GREY_2X2, card(2, 2, Channels.GREY));
    assertArrayEquals(
        new float[] {18.15f, 76.245f, 149.685f, 29.07f}, input.value().toFloats(), 1e-3f);
  }

  @Test
  void sixteenBitsAreReadAtFullPrecision() throws IOException {
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY), false, false, 1, DataBuffer.TYPE_USHORT);
    WritableRaster raster = model.createCompatibleWritableRaster(2, 2);
    raster.setPixels(0, 0, 2, 2, new int[] {1, 300, 32768, 65535});
    Input input =
        reader.read(
            file(new BufferedImage(model, raster, false, null), "png"),
            GREY_2X2,
            card(2, 2, Channels.GREY));
    assertArrayEquals(
        new float[] {1 / 257f, 300 / 257f, 32768 / 257f, 255}, input.value().toFloats(), 2e-5f);
  }

  @Test
  void transparencyLiesOnWhite() throws IOException {
    BufferedImage image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0x00000000);
    image.setRGB(1, 0, 0xff000000);
    image.setRGB(0, 1, 0x33ff0000);
    Input input = reader.read(file(image, "png"), RGB_2X2, card(2, 2, Channels.RGB));
    float[] red = Arrays.copyOf(input.value().toFloats(), 4);
    float[] green = Arrays.copyOfRange(input.value().toFloats(), 4, 8);
    assertArrayEquals(new float[] {255, 0, 255, 255}, red, 1e-4f);
    assertArrayEquals(new float[] {255, 0, 204, 255}, green, 1e-4f);
  }

  @Test
  void jpegAndGifAreRead() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 256; i++) {
      image.setRGB(i % 16, i / 16, new Color(200, 100, 50).getRGB());
    }
    for (String format : List.of("jpg", "gif")) {
      Input input =
          reader.read(
              file(image, format),
              Cards.port(ElementType.FLOAT64, 3, 16, 16),
              card(16, 16, Channels.RGB));
      assertEquals(ElementType.FLOAT64, input.value().type());
      assertEquals(200, input.value().get(0), 3);
      assertEquals(100, input.value().get(256), 3);
      assertEquals(50, input.value().get(512), 3);
    }
  }

  @Test
  void shrinkingAveragesLightOverTheArea() throws IOException {
    BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY);
    int[] board = new int[16];
    Arrays.setAll(board, i -> (i % 4 + i / 4) % 2 == 0 ? 255 : 0);
    image.getRaster().setPixels(0, 0, 4, 4, board);
    float[] values =
        reader.read(file(image, "png"), GREY_2X2, card(2, 2, Channels.GREY)).value().toFloats();
    // Half the light is the sample 187.516 of 255 by the sRGB curve.
    assertArrayEquals(new float[] {187.516f, 187.516f, 187.516f, 187.516f}, values, 1e-2f);
  }

  @Test
  void areasAreCoveredInPartsToo() {
    float[] out = new Resampler(3, 3, 2, 2).resample(rows(1, 0, 0));
    // Two thirds of the light of the left pixels come from column 0.
    assertEquals(light(2 / 3.0), out[0], 1e-6);
    assertEquals(0, out[3], 1e-6);
  }

  @Test
  void enlargingIsLinearBetweenPixelCentres() {
    float[] out = new Resampler(2, 2, 4, 4).resample(rows(0, 1));
    assertEquals(0, out[0], 1e-6);
    assertEquals(light(0.25), out[3], 1e-6);
    assertEquals(light(0.75), out[6], 1e-6);
    assertEquals(1, out[9], 1e-6);
  }

  private static double light(double light) {
    return 1.055 * Math.pow(light, 1 / 2.4) - 0.055;
  }

  /** A square image of equal rows of black and white. */
  private static Samples rows(int... row) {
    int width = row.length;
    BufferedImage image = new BufferedImage(width, width, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < width * width; i++) {
      image.getRaster().setSample(i % width, i / width, 0, 255 * row[i % width]);
    }
    return Samples.of(image);
  }

  @Test
  void anotherProportionIsRefused() throws IOException {
    BufferedImage image = new BufferedImage(40, 20, BufferedImage.TYPE_INT_RGB);
    assertEquals(
        "/picture.png: wrong image size: it is 40 x 20 pixels, the model takes 2 x 2; crop or pad"
            + " it to that proportion, or let the card say so by input.fit: crop cuts around the"
            + " centre, stretch distorts",
        failure(file(image, "png"), RGB_2X2, card(2, 2, Channels.RGB)));
  }

  @Test
  void aCardWithoutImageIsRefusedWithWhatItMustSay() throws IOException {
    assertEquals(
        "/picture.png: is an image, but the model's card does not say how an image becomes the"
            + " input x f32[batch,3,2,2]; its \"input\" must be of kind image, with width, height,"
            + " channels (grey, rgb, bgr), scale, mean and std; the input looks like nchw, rgb or"
            + " bgr",
        failure(file(colours(), "png"), RGB_2X2, ModelCard.EMPTY));
    assertEquals(
        "/picture.png: is an image, but the model's card says that a table becomes the input x"
            + " f32[batch,30]; its \"input\" must be of kind image, with width, height, channels"
            + " (grey, rgb, bgr), scale, mean and std",
        failure(
            file(colours(), "png"),
            Cards.port(ElementType.FLOAT32, 30),
            Cards.of(new Preprocessing.Table(List.of(), List.of()))));
  }

  @Test
  void aCardThatContradictsTheModelIsRefused() throws IOException {
    assertEquals(
        "/picture.png: the model's card makes images [1,1,2,2] (grey, nchw), but the model takes"
            + " x f32[batch,3,2,2]; correct the card",
        failure(file(colours(), "png"), RGB_2X2, card(2, 2, Channels.GREY)));
    Preprocessing.Image two =
        new Preprocessing.Image(
            2, 2, Channels.RGB, Layout.NCHW, List.of(1.0), List.of(1.0, 2.0), List.of());
    assertEquals(
        "/picture.png: the model's card has 2 numbers for mean; it must have 1, or 3 (one a"
            + " channel)",
        failure(file(colours(), "png"), RGB_2X2, Cards.of(two)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
  void truncatedFilesAreRefused(String format) throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 4096; i++) {
      image.setRGB(i % 64, i / 64, i * 2654435 & 0xffffff);
    }
    byte[] whole = Files.readAllBytes(file(image, format));
    for (int length : new int[] {whole.length / 2, whole.length / 10, 20}) {
      Path cut = folder.resolve("cut." + format);
      Files.write(cut, Arrays.copyOf(whole, length));
      String text =
          failure(cut, Cards.port(ElementType.FLOAT32, 3, 64, 64), card(64, 64, Channels.RGB));
      String expected = "/cut." + format + ": the image is cut off or damaged: ";
      assertTrue(text.startsWith(expected), length + " bytes: " + text);
    }
  }

  @Test
  void otherContentIsRefused() throws IOException {
    Path file = folder.resolve("picture.png");
    Files.writeString(file, "no picture at all");
    assertEquals(
        "/picture.png: its content is no image of a known kind; PNG, JPEG, WebP, BMP and GIF can be"
            + " read",
        failure(file, RGB_2X2, card(2, 2, Channels.RGB)));
    Files.write(file, new byte[0]);
    assertEquals(
        "/picture.png: its content is no image of a known kind; PNG, JPEG, WebP, BMP and GIF can be"
            + " read",
        failure(file, RGB_2X2, card(2, 2, Channels.RGB)));
    assertEquals(
        "/none.png: there is no such file",
        failure(folder.resolve("none.png"), RGB_2X2, card(2, 2, Channels.RGB)));
  }

  @Test
  void aHugeSizeInTheHeaderIsRefusedBeforeDecoding() throws IOException {
    Path file = folder.resolve("bomb.png");
    Files.write(file, headerOnly(50_000, 50_000));
    assertEquals(
        "/bomb.png: is 50000 x 50000 pixels; at most 100 million are decoded: make it smaller",
        failure(file, RGB_2X2, card(2, 2, Channels.RGB)));
  }

  private static byte[] headerOnly(int width, int height) {
    ByteBuffer chunk = ByteBuffer.allocate(17);
    chunk.put("IHDR".getBytes(StandardCharsets.US_ASCII)).putInt(width).putInt(height);
    chunk.put(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(chunk.array());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0, 0, 0, 13});
    out.writeBytes(chunk.array());
    out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    return out.toByteArray();
  }
}
