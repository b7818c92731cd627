package wherefore.distribution;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;

/** The assembled directory that the build has made. */
final class Distribution {
  /** The bundle whose packages a test shares with the framework. */
  static final String API = "wherefore.api.jar";

  private Distribution() {}

  static Path home() {
    String home = System.getProperty("wherefore.home");
    if (home == null) {
      throw new IllegalStateException("set -Dwherefore.home to an assembled distribution");
    }
    return Path.of(home).toAbsolutePath();
  }

  /** A jar of ours below {@code bundles}, by its symbolic name. */
  static Path bundle(String symbolicName) throws IOException {
    return bundles().keySet().stream()
        .filter(jar -> jar.endsWith(symbolicName + ".jar"))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no bundle " + symbolicName));
  }

  /** All jars below {@code bundles} with their start levels, in order of these. */
  static Map<Path, Integer> bundles() throws IOException {
    Map<Path, Integer> levels = new TreeMap<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(home().resolve("bundles"))) {
      for (Path directory : directories) {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
          jars.forEach(jar -> levels.put(jar, Integer.parseInt(name(directory))));
        }
      }
    }
    return levels;
  }

  /** The packages that the api exports, as a value for the system bundle's extra packages. */
  static String exportsOfApi() throws IOException {
    try (JarFile jar = new JarFile(home().resolve("bundles/50").resolve(API).toFile())) {
      String exports = jar.getManifest().getMainAttributes().getValue("Export-Package");
      return exports.replaceAll(";uses:=\"[^\"]*\"", "");
    }
  }

  static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
