package wherefore.readers;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import wherefore.model.ModelException;
import wherefore.tensor.Npy;
import wherefore.tensor.Tensor;

/** NumPy's {@code .npz}: {@code .npy} files in a ZIP archive, compressed or not. */
final class Npz {
  private static final int MOST_ARRAYS = 64;

  /** Of all arrays together, unpacked. */
  private static final long MOST_BYTES = 1L << 30;

  private Npz() {}

  /** All arrays by name, in the archive's order. */
  static Map<String, Tensor> read(Path file) throws IOException {
    Map<String, Tensor> arrays = new LinkedHashMap<>();
    long left = MOST_BYTES;
    try (ZipFile zip = new ZipFile(file.toFile())) {
      if (zip.size() > MOST_ARRAYS) {
        throw new ModelException(
            "%s: holds %d files; at most %d arrays are read"
                .formatted(file, zip.size(), MOST_ARRAYS));
      }
      Enumeration<? extends ZipEntry> entries = zip.entries();
      while (entries.hasMoreElements()) {
        ZipEntry entry = entries.nextElement();
        String name = entry.getName();
        if (name.endsWith(".npy")) {
          Tensor tensor = read(zip, entry, left, file + ": " + name);
          left -= (long) tensor.size() * tensor.type().bytes();
          arrays.put(name.substring(0, name.length() - 4), tensor);
        }
      }
    } catch (ZipException e) {
      throw new ModelException(file + ": is not a .npz file (a ZIP archive): " + e.getMessage(), e);
    }
    if (arrays.isEmpty()) {
      throw new ModelException(file + ": holds no array, which would be a file that ends in .npy");
    }
    return arrays;
  }

  private static Tensor read(ZipFile zip, ZipEntry entry, long most, String source)
      throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return Npy.read(in, most, source);
    }
  }
}
