package wherefore.readers;

import com.twelvemonkeys.imageio.plugins.webp.WebPImageReaderSpi;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.spi.IIORegistry;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;
import wherefore.model.ModelException;

/** An image file whose header has been read and found acceptable, and nothing more. */
final class ImageFile implements Closeable {
  /** What is decoded at most: a few hundred megabytes. */
  static final long MAX_PIXELS = 100_000_000;

  private final Path file;
  private final ImageInputStream in;
  private final ImageReader reader;
  private final int width;
  private final int height;
  private final Orientation orientation;

  private ImageFile(Path file, ImageInputStream in, ImageReader reader) throws IOException {
    this.file = file;
    this.in = in;
    this.reader = reader;
    this.width = reader.getWidth(0);
    this.height = reader.getHeight(0);
    this.orientation = Orientation.of(file);
  }

  static ImageFile open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(file + ": there is no such file");
    }
    ImageInputStream in = new FileImageInputStream(file.toFile());
    try {
      return open(file, in);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e instanceof ModelException known ? known : damaged(file, e);
    }
  }

  private static ImageFile open(Path file, ImageInputStream in) throws IOException {
    ImageReader reader = reader(file, in);
    reader.setInput(in, true, true);
    ImageFile image = new ImageFile(file, in, reader);
    if ((long) image.width * image.height > MAX_PIXELS) {
      throw new ModelException(
          "%s: is %d x %d pixels; at most %d million are decoded: make it smaller"
              .formatted(file, image.width, image.height, MAX_PIXELS / 1_000_000));
    }
    return image;
  }

  /** Java's own readers are found by themselves; others are not in a bundle, and named here. */
  private static ImageReader reader(Path file, ImageInputStream in) throws IOException {
    if (isWebp(in)) {
      return new WebPImageReaderSpi().createReaderInstance(null);
    }
    keepToJava();
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    if (!readers.hasNext()) {
      throw new ModelException(
          file
              + ": its content is no image of a known kind; PNG, JPEG, WebP, BMP and GIF can be"
              + " read");
    }
    return readers.next();
  }

  /**
   * Java's registry of image libraries belongs to the whole process, and looks for more of them
   * when it is first asked, by the thread's class loader: it must not find those inside this
   * bundle, which would outlive it.
   */
  private static void keepToJava() {
    Thread thread = Thread.currentThread();
    @Nullable ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      IIORegistry.getDefaultInstance();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** {@code RIFF}, four bytes of length, {@code WEBP}. */
  private static boolean isWebp(ImageInputStream in) throws IOException {
    byte[] start = new byte[12];
    in.mark();
    int length = in.read(start);
    in.reset();
    String text = new String(start, StandardCharsets.ISO_8859_1);
    return length == start.length && text.startsWith("RIFF") && text.endsWith("WEBP");
  }

  /** Columns as a person sees them. */
  int width() {
    return orientation.isTurned() ? height : width;
  }

  /** Rows as a person sees them. */
  int height() {
    return orientation.isTurned() ? width : height;
  }

  /**
   * All pixels.
   *
   * @throws ModelException if the file ends early or is damaged otherwise
   */
  Samples decode() throws ModelException {
    requireColours();
    List<String> warnings = new ArrayList<>();
    reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
    try {
      BufferedImage image = reader.read(0);
      for (String warning : warnings) {
        if (isLoss(warning)) {
          throw new IOException(warning);
        }
      }
      return new Turned(Samples.of(image), orientation, width, height);
    } catch (IOException | RuntimeException e) {
      throw damaged(file, e);
    }
  }

  private void requireColours() throws ModelException {
    try {
      Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
      if (types.hasNext() && isPlain(types.next().getColorModel().getColorSpace().getType())) {
        return;
      }
    } catch (IOException | RuntimeException e) {
      throw damaged(file, e);
    }
    throw new ModelException(
        file
            + ": its colours are neither grey nor red, green and blue (CMYK, as for printing?);"
            + " convert it to RGB");
  }

  private static boolean isPlain(int space) {
    return space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB;
  }

  /** Decoders fill up what is missing and only warn; other warnings are about decoration. */
  private static boolean isLoss(String warning) {
    String text = warning.toLowerCase(Locale.ROOT);
    return text.contains("premature") || text.contains("corrupt") || text.contains("truncat");
  }

  private static ModelException damaged(Path file, Exception e) {
    String detail = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new ModelException(file + ": the image is cut off or damaged: " + detail, e);
  }

  @Override
  public void close() throws IOException {
    reader.dispose();
    in.close();
  }
}
