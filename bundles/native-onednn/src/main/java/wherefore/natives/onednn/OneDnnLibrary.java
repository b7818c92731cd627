package wherefore.natives.onednn;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * oneDNN's files, unpacked. Nothing is unpacked before it is asked for, and nothing is loaded here.
 *
 * @param library the library
 * @param openMp the OpenMP runtime beside it, where the platform brings one
 */
public record OneDnnLibrary(Path library, Optional<Path> openMp) {
  /** The version of the wrapped library. */
  public static final String VERSION = "3.11-1.5.13";

  private static volatile @Nullable Path folder;

  private static volatile Predicate<Platform> installed =
      platform -> OneDnnLibrary.class.getResource(resource(platform, platform.library())) != null;

  static void unpackIn(Path root) {
    folder = root;
  }

  static void lookWith(Predicate<Platform> finder) {
    installed = finder;
  }

  /** True if there is a library for this machine; nothing is unpacked to find out. */
  public static boolean isInstalled() {
    return installed.test(Platform.here());
  }

  /** What to say where there is none. */
  public static String absence() {
    return absence(Platform.here());
  }

  private static String absence(Platform platform) {
    return "oneDNN for %s is not installed: build with -P %s, or install the bundle wherefore.native.onednn built for it"
        .formatted(platform.name(), platform.name());
  }

  private static String resource(Platform platform, String file) {
    return "/org/bytedeco/dnnl/" + platform.name() + "/" + file;
  }

  /**
   * Unpacks the library for this machine, unless it is there.
   *
   * @throws IOException if there is none for this machine, or the disk is full; the message says
   *     what to do
   */
  public static OneDnnLibrary unpacked() throws IOException {
    return unpacked(Platform.here(), root());
  }

  static OneDnnLibrary unpacked(Platform platform, Path root) throws IOException {
    Path target = Files.createDirectories(root.resolve(VERSION));
    List<String> others = platform.others();
    Path library = unpack(platform, platform.library(), target);
    Optional<Path> beside = Optional.empty();
    for (String other : others) {
      beside = Optional.of(unpack(platform, other, target));
    }
    return new OneDnnLibrary(library, beside);
  }

  private static Path root() {
    Path pinned = folder;
    return pinned != null
        ? pinned
        : Path.of(
            System.getProperty("java.io.tmpdir"),
            "wherefore-natives-" + System.getProperty("user.name"));
  }

  private static Path unpack(Platform platform, String file, Path target) throws IOException {
    URL source = OneDnnLibrary.class.getResource(resource(platform, file));
    if (source == null) {
      throw new IOException(absence(platform));
    }
    Path unpacked = target.resolve(file);
    URLConnection connection = source.openConnection();
    connection.setUseCaches(false);
    try (InputStream in = connection.getInputStream()) {
      long size = connection.getContentLengthLong();
      if (size < 0 || !Files.exists(unpacked) || Files.size(unpacked) != size) {
        replace(in, unpacked);
      }
    }
    return unpacked;
  }

  /** By renaming, so that a process that reads the file never sees half of it. */
  private static void replace(InputStream in, Path file) throws IOException {
    Path part = Files.createTempFile(file.getParent(), "part", null);
    try {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
