package wherefore.backend.cpu;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;

/**
 * What was measured on this machine, kept from one process to the next: so a computation chooses
 * the same kernels again and its result is the same bit for bit.
 */
final class TuningFile {
  private final Path path;
  private final String prefix;
  private final Properties entries = new Properties();

  /**
   * @param path where to keep it
   * @param prefix of all names: what the measurements depend on
   */
  TuningFile(Path path, String prefix) {
    this.path = path;
    this.prefix = prefix;
    if (Files.isRegularFile(path)) {
      read(path);
    }
  }

  private void read(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      entries.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      LoggerFactory.getLogger(TuningFile.class).warn("{} can't be read; measuring anew", file, e);
    }
  }

  /** What is known of a name, or else what is found out now. */
  synchronized boolean computeIfAbsent(String name, BooleanSupplier measure) {
    String key = prefix + " " + name;
    String known = entries.getProperty(key);
    if (known != null) {
      return Boolean.parseBoolean(known);
    }
    boolean found = measure.getAsBoolean();
    entries.setProperty(key, Boolean.toString(found));
    write(path);
    return found;
  }

  private void write(Path file) {
    try {
      Path part = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
      try (Writer writer = Files.newBufferedWriter(part)) {
        entries.store(writer, "convolutions that are faster by Winograd");
      }
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LoggerFactory.getLogger(TuningFile.class).warn("{} can't be written", file, e);
    }
  }
}
