package wherefore.runtime.launcher;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A jar of the distribution.
 *
 * @param file the jar, absolute
 * @param level the start level that its directory names
 * @param stamp changes with the file: its time and length
 */
record BundleFile(Path file, int level, String stamp) {
  /** Where the framework finds it: it opens the jar itself and does not copy it. */
  String location() {
    return "reference:" + file.toUri();
  }

  /** All jars in {@code bundles/LEVEL/}, in order of level and name. */
  static List<BundleFile> in(Path bundles) throws IOException, LaunchException {
    List<BundleFile> files = new ArrayList<>();
    for (Path directory : list(bundles, "*")) {
      if (Files.isDirectory(directory)) {
        addAll(directory, files);
      }
    }
    return files;
  }

  private static void addAll(Path directory, List<BundleFile> files)
      throws IOException, LaunchException {
    int level = level(directory);
    for (Path jar : list(directory, "*.jar")) {
      var attributes = Files.readAttributes(jar, BasicFileAttributes.class);
      String stamp = attributes.lastModifiedTime().toMillis() + "," + attributes.size();
      files.add(new BundleFile(jar, level, stamp));
    }
  }

  private static int level(Path directory) throws LaunchException {
    String name = String.valueOf(directory.getFileName());
    if (!name.matches("[1-9][0-9]?")) {
      throw new LaunchException(
          LaunchException.FAILURE,
          "folder " + directory + ": its name must be a start level, a number from 1 to 99");
    }
    return Integer.parseInt(name);
  }

  private static List<Path> list(Path directory, String glob) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
      stream.forEach(paths::add);
    }
    Collections.sort(paths);
    return paths;
  }
}
