package wherefore.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Where the files lie that tests read. */
public final class TestData {
  /** The system property that names the folder with ONNX's conformance models. */
  public static final String CONFORMANCE = "wherefore.onnx.conformance";

  private TestData() {}

  /**
   * A resource folder of the test kit as ordinary files: where it lies, or a copy that is deleted
   * when the JVM ends if it lies in a jar.
   */
  public static Path folder(String name) {
    URL url = TestData.class.getResource("/" + name + "/README.md");
    if (url == null) {
      throw new IllegalArgumentException("the test kit has no folder " + name);
    }
    try {
      URI uri = url.toURI();
      return uri.getScheme().equals("file") ? Path.of(uri).resolveSibling("") : copy(uri, name);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path copy(URI uri, String name) throws IOException {
    Path target = Files.createTempDirectory("wherefore-" + name);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(target)));
    try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
      Path source = jar.getPath("/" + name);
      for (Path file : tree(source)) {
        Files.createDirectories(target.resolve(source.relativize(file.getParent()).toString()));
        Files.copy(file, target.resolve(source.relativize(file).toString()));
      }
    }
    return target;
  }

  private static List<Path> tree(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The folder with ONNX's conformance models: what the system property {@value #CONFORMANCE}
   * names, or else {@code shared/onnx-conformance} beside the source tree. The test is skipped
   * where there is none.
   */
  public static Path assumeConformance() {
    Optional<Path> folder = conformance();
    Assumptions.assumeTrue(
        folder.isPresent(),
        "no folder with ONNX's conformance models; name it by -D" + CONFORMANCE);
    return folder.orElseThrow();
  }

  /** As {@link #assumeConformance}, or empty. */
  public static Optional<Path> conformance() {
    String named = System.getProperty(CONFORMANCE);
    return Optional.ofNullable(named)
        .map(Path::of)
        .or(() -> sources().map(root -> root.resolveSibling("shared/onnx-conformance")))
        .filter(Files::isDirectory);
  }

  /** The root of the source tree that tests run in. */
  private static Optional<Path> sources() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isRegularFile(folder.resolve("LICENSE"))) {
      folder = folder.getParent();
    }
    return Optional.ofNullable(folder);
  }
}
