package wherefore.conformance;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Finds the cases below a folder. */
final class Cases {
  private Cases() {}

  /** All cases, in the order of their names. */
  static List<Case> below(Path root) throws IOException {
    List<Case> cases = new ArrayList<>();
    try (Stream<Path> paths = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
      for (Path model : paths.filter(p -> p.endsWith("model.onnx")).sorted().toList()) {
        add(root, model.resolveSibling("").normalize(), cases);
      }
    }
    cases.sort(Comparator.comparing(Case::name));
    return cases;
  }

  private static void add(Path root, Path folder, List<Case> cases) throws IOException {
    String name = name(root, folder);
    if (!OnnxFolder.dataSets(folder).isEmpty()) {
      cases.add(new OnnxFolder(name, folder));
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path json : files.filter(GoldenFolder::isCase).toList()) {
        String stem = json.getFileName().toString().replaceAll("\\.json$", "");
        cases.add(new GoldenFolder(name + "/" + stem, json));
      }
    }
  }

  private static String name(Path root, Path folder) {
    String below = root.normalize().relativize(folder).toString().replace('\\', '/');
    return below.isEmpty() ? String.valueOf(folder.getFileName()) : below;
  }
}
