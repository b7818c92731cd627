package wherefore.model.dl4j;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import wherefore.model.ModelException;

/**
 * What is read of a zip that DL4J's ModelSerializer wrote. Two of its entries never are: {@code
 * preprocessor.bin} and {@code objects/…} hold serialized Java objects, which run code when read;
 * and {@code updaterState.bin}, which only training needs.
 *
 * @param configuration the network's form, JSON
 * @param coefficients all parameters in one array, as ND4J writes it; empty if there are none
 * @param normalizer how inputs were scaled, if saved
 */
@SuppressWarnings("ArrayRecordComponent") // archives are never compared
record Archive(String configuration, byte[] coefficients, Optional<byte[]> normalizer) {
  /** The entry that tells such a zip from others. */
  static final String CONFIGURATION = "configuration.json";

  private static final String COEFFICIENTS = "coefficients.bin";
  private static final String NORMALIZER = "normalizer.bin";

  private static final int MAX_ENTRIES = 10_000;
  private static final long MAX_CONFIGURATION = 64L << 20;
  private static final long MAX_COEFFICIENTS = Integer.MAX_VALUE - 16L;
  private static final long MAX_NORMALIZER = 64L << 20;

  /** True if the file is a zip with a configuration. */
  static boolean isPresent(Path file) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      return zip.getEntry(CONFIGURATION) != null;
    } catch (IOException notAZip) {
      return false;
    }
  }

  /** Reads the entries, none further than its bound. */
  static Archive read(Path file) throws ModelException {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(file + " is not there, or not a file");
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (zip.size() > MAX_ENTRIES) {
        throw new ModelException(
            "%s has %,d entries; a DL4J model has at most %,d"
                .formatted(file, zip.size(), MAX_ENTRIES));
      }
      return read(file, zip);
    } catch (ModelException e) {
      throw e;
    } catch (IOException e) {
      throw new ModelException(
          "%s is not a whole zip (%s): was it copied completely?".formatted(file, e.getMessage()),
          e);
    }
  }

  private static Archive read(Path file, ZipFile zip) throws IOException {
    byte[] configuration = required(file, zip, CONFIGURATION, MAX_CONFIGURATION);
    byte[] coefficients = required(file, zip, COEFFICIENTS, MAX_COEFFICIENTS);
    ZipEntry normalizer = zip.getEntry(NORMALIZER);
    return new Archive(
        new String(configuration, StandardCharsets.UTF_8),
        coefficients,
        normalizer == null
            ? Optional.empty()
            : Optional.of(bytes(file, zip, normalizer, MAX_NORMALIZER)));
  }

  private static byte[] required(Path file, ZipFile zip, String name, long bound)
      throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new ModelException(
          "%s has no %s: it is not a model that DL4J's ModelSerializer wrote; its entries: %s"
              .formatted(file, name, zip.stream().map(ZipEntry::getName).limit(10).toList()));
    }
    return bytes(file, zip, entry, bound);
  }

  private static byte[] bytes(Path file, ZipFile zip, ZipEntry entry, long bound)
      throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes((int) bound + 1);
      if (bytes.length > bound) {
        throw new ModelException(
            "%s: %s unpacks to more than %,d bytes".formatted(file, entry.getName(), bound));
      }
      if (entry.getSize() >= 0 && bytes.length != entry.getSize()) {
        throw new ModelException(
            "%s: %s has %,d bytes, the zip's directory says %,d"
                .formatted(file, entry.getName(), bytes.length, entry.getSize()));
      }
      return bytes;
    }
  }
}
