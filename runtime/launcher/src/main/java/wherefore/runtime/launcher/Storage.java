package wherefore.runtime.launcher;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory in which a framework keeps its state.
 *
 * <p>One process at a time has the shared one, which makes the next start fast. A process that
 * starts meanwhile gets a fresh one of its own, which is deleted when it ends.
 */
final class Storage implements AutoCloseable {
  private final Path directory;
  private final @Nullable FileChannel lock;

  private Storage(Path directory, @Nullable FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /** Takes the shared storage below {@code state}, or a fresh one if another process has it. */
  static Storage open(Path state) throws IOException {
    Path shared = Files.createDirectories(state.resolve("storage"));
    FileChannel channel =
        FileChannel.open(
            shared.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (isLocked(channel)) {
      return new Storage(shared, channel);
    }
    channel.close();
    return new Storage(Files.createTempDirectory("wherefore-"), null);
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  boolean isShared() {
    return lock != null;
  }

  /** What the framework owns. */
  Path framework() {
    return directory.resolve("framework");
  }

  /** What was installed from which file. */
  Path index() {
    return directory.resolve("installed.properties");
  }

  /** Room for what the bundles unpack. */
  Path temporary() {
    return directory.resolve("tmp");
  }

  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    } else {
      delete(directory);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
