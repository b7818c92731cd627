package wherefore.shell;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes several files so that all of them are there and whole, or none has changed: each into a
 * temporary file beside it first, then all are renamed.
 */
final class WholeFiles {
  /** What goes into a file. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private WholeFiles() {}

  static void write(Map<Path, Content> files) throws IOException {
    Map<Path, Path> written = new LinkedHashMap<>();
    List<Path> created = new ArrayList<>();
    try {
      for (Map.Entry<Path, Content> file : files.entrySet()) {
        Path temporary = beside(file.getKey());
        written.put(file.getKey(), temporary);
        fill(temporary, file.getValue());
      }
      for (Map.Entry<Path, Path> file : written.entrySet()) {
        boolean isNew = !Files.exists(file.getKey());
        rename(file.getValue(), file.getKey());
        if (isNew) {
          created.add(file.getKey());
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      delete(created);
      delete(written.values());
      throw e;
    }
  }

  private static Path beside(Path file) {
    String unique = ProcessHandle.current().pid() + "-" + Thread.currentThread().threadId();
    return file.resolveSibling("." + file.getFileName() + "." + unique + "~");
  }

  private static void fill(Path file, Content content) throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      content.writeTo(out);
    }
  }

  private static void rename(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void delete(Iterable<Path> files) throws IOException {
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
