package wherefore.shell;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import wherefore.attribution.Explanation;
import wherefore.attribution.ExplanationFormat;
import wherefore.render.Renderer;
import wherefore.render.Scene;
import wherefore.render.Style;
import wherefore.tensor.Npy;
import wherefore.tensor.Tensor;

/** The files that an explanation goes into: checked before anything is computed. */
final class Outputs {
  private static final String ARRAY = "npy";
  private static final String DOCUMENT = "json";

  /**
   * A file that was written.
   *
   * @param kind {@code picture}, {@code values} or {@code document}
   * @param path where it lies
   */
  public record Written(String kind, String path) {}

  private final Desk desk;
  private final List<Path> files;

  /** Checks that all files are of a known kind, and can be there. */
  Outputs(Desk desk, List<String> names) {
    this.desk = desk;
    this.files = names.stream().map(desk::file).distinct().toList();
    files.forEach(this::check);
  }

  private void check(Path file) {
    String extension = Desk.extension(file);
    TreeSet<String> known = new TreeSet<>(List.of(ARRAY, DOCUMENT));
    desk.renderers().forEach(r -> known.addAll(r.extensions()));
    if (!known.contains(extension)) {
      throw Failure.failed(
          "%s: no file of this kind can be written; known: .%s"
              .formatted(file, String.join(", .", known)));
    }
    if (extension.equals(DOCUMENT)) {
      ExplanationFormat unused = desk.format();
    }
    checkPlace(file);
  }

  /** That the folder is there, and no folder is at the file's place. */
  static void checkPlace(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw Failure.failed("%s: its folder does not exist".formatted(file));
    }
    if (!Files.isWritable(folder)) {
      throw Failure.failed("%s: its folder can't be written to".formatted(file));
    }
    if (Files.isDirectory(file)) {
      throw Failure.failed("%s: is a directory; a file is needed".formatted(file));
    }
  }

  /** Writes all files, or none. */
  List<Written> write(Explanation explanation, Scene scene, Style style) throws IOException {
    Map<Path, WholeFiles.Content> contents = new LinkedHashMap<>();
    List<Written> written = new ArrayList<>();
    for (Path file : files) {
      switch (Desk.extension(file)) {
        case DOCUMENT -> {
          contents.put(file, out -> desk.format().write(explanation, out));
          written.add(new Written("document", file.toString()));
        }
        case ARRAY -> arrays(file, explanation, contents, written);
        default -> {
          Renderer renderer = renderer(file, scene);
          contents.put(file, out -> renderer.render(scene, style, out));
          written.add(new Written("picture", file.toString()));
        }
      }
    }
    WholeFiles.write(contents);
    return written;
  }

  /** One variable goes into the file itself; of several each into one that bears its name. */
  private static void arrays(
      Path file,
      Explanation explanation,
      Map<Path, WholeFiles.Content> contents,
      List<Written> written) {
    Map<String, Tensor> values = explanation.attribution().values();
    values.forEach(
        (name, tensor) -> {
          Path path = values.size() == 1 ? file : named(file, name);
          contents.put(path, out -> writeArray(tensor, out));
          written.add(new Written("values", path.toString()));
        });
  }

  private static Path named(Path file, String variable) {
    String name = String.valueOf(file.getFileName());
    String stem = name.substring(0, name.length() - ARRAY.length() - 1);
    String safe = variable.replaceAll("[^A-Za-z0-9_-]", "_");
    return file.resolveSibling(stem + "." + safe + "." + ARRAY);
  }

  private static void writeArray(Tensor tensor, OutputStream out) throws IOException {
    out.write(Npy.write(tensor));
  }

  private Renderer renderer(Path file, Scene scene) {
    return desk.renderers().stream()
        .filter(r -> r.extensions().contains(Desk.extension(file)) && r.accepts(scene))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.failed(
                    "%s: no renderer draws values of shape %s; .npy and .json take any"
                        .formatted(file, scene.panels().get(0).values().shape())));
  }
}
