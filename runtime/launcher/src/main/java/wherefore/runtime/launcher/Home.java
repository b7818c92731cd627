package wherefore.runtime.launcher;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a distribution lies and where it may write.
 *
 * @param root the directory that holds {@code bundles}, {@code etc}, {@code deploy}
 * @param state a writable directory of this user for this distribution: framework storage and log
 */
record Home(Path root, Path state) {
  /** System property that overrides the place of the distribution. */
  static final String ROOT = "wherefore.home";

  /** System property that overrides the writable directory. */
  static final String STATE = "wherefore.state";

  /** The distribution that this class was started from. */
  static Home locate() throws LaunchException, IOException {
    String given = System.getProperty(ROOT);
    Path root = (given == null ? beside() : Path.of(given)).toAbsolutePath().normalize();
    if (!Files.isDirectory(root.resolve("bundles"))) {
      throw new LaunchException(
          LaunchException.USAGE,
          root + " is no distribution: it has no folder 'bundles'; set -D" + ROOT + "=DIRECTORY");
    }
    return new Home(root, state(root, System.getProperty(STATE)));
  }

  private static Path beside() throws LaunchException {
    try {
      Path jar = Path.of(Home.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path lib = jar.toAbsolutePath().getParent();
      return lib == null || lib.getParent() == null ? jar : lib.getParent();
    } catch (URISyntaxException e) {
      throw new LaunchException(
          LaunchException.USAGE, "cannot tell where the launcher lies; set -D" + ROOT, e);
    }
  }

  static Path state(Path root, @Nullable String given) throws IOException {
    if (given != null) {
      return Files.createDirectories(Path.of(given).toAbsolutePath());
    }
    for (Path candidate : new Path[] {root.resolve("var"), userCache(root)}) {
      if (isWritable(candidate)) {
        return candidate;
      }
    }
    return Files.createTempDirectory("wherefore-");
  }

  private static Path userCache(Path root) {
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path cache =
        xdg == null || xdg.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(xdg);
    String key = UUID.nameUUIDFromBytes(root.toString().getBytes()).toString();
    return cache.resolve("wherefore").resolve(key);
  }

  private static boolean isWritable(Path directory) {
    try {
      return Files.isWritable(Files.createDirectories(directory));
    } catch (IOException e) {
      return false;
    }
  }

  Path bundles() {
    return root.resolve("bundles");
  }

  Path etc() {
    return root.resolve("etc");
  }

  Path log() {
    return state.resolve("log");
  }
}
