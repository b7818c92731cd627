package wherefore.readers;

import com.drew.imaging.ImageMetadataReader;
import com.drew.imaging.ImageProcessingException;
import com.drew.metadata.exif.ExifIFD0Directory;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How a camera was held: the eight values of the tag Orientation in EXIF (CIPA DC-008, 4.6.5).
 *
 * @param value 1 to 8; 1 where the file does not say
 */
record Orientation(int value) {
  static final Orientation UPRIGHT = new Orientation(1);

  /** What a file says; a file whose metadata can't be read says nothing. */
  static Orientation of(Path file) {
    try {
      return ImageMetadataReader.readMetadata(file.toFile())
          .getDirectoriesOfType(ExifIFD0Directory.class)
          .stream()
          .map(d -> d.getInteger(ExifIFD0Directory.TAG_ORIENTATION))
          .filter(v -> v != null && v >= 1 && v <= 8)
          .findFirst()
          .map(Orientation::new)
          .orElse(UPRIGHT);
    } catch (ImageProcessingException | IOException | RuntimeException e) {
      return UPRIGHT;
    }
  }

  /** True if rows become columns. */
  boolean isTurned() {
    return value >= 5;
  }

  /** True if, of the file's rows, the last is the first to be seen. */
  boolean isUpsideDown() {
    return value == 3 || value == 4 || value == 6 || value == 7;
  }

  /** True if, of the file's columns, the last is the first to be seen. */
  boolean isMirrored() {
    return value == 2 || value == 3 || value == 7 || value == 8;
  }
}
