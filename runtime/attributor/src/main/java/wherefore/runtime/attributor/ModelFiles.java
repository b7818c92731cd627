package wherefore.runtime.attributor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import wherefore.model.ModelException;

/**
 * The model files in some folders. They are looked at whenever somebody asks; what was learned of a
 * file is kept as long as the file and its card stay as they are.
 */
final class ModelFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ModelFiles.class);
  private static final int DEPTH = 2;

  /** A model file and the name by which it is asked for. */
  record Named(String name, Path path, String format, String description) {}

  private record Seen(Stamp stamp, Optional<String> format, String name, String description) {}

  private final Function<Path, Optional<String>> formats;
  private final Map<Path, Seen> seen = new HashMap<>();

  /**
   * Over no folders yet.
   *
   * @param formats the format of a file, if it is a model
   */
  ModelFiles(Function<Path, Optional<String>> formats) {
    this.formats = formats;
  }

  /** Forgets what was learned: another loader may see other models. */
  synchronized void forget() {
    seen.clear();
  }

  /** The models in some folders and the folders in these, by name. */
  synchronized List<Named> list(List<Path> folders) {
    List<Path> files = folders.stream().flatMap(f -> files(f).stream()).distinct().toList();
    seen.keySet().retainAll(files);
    List<Named> models = new ArrayList<>();
    for (Path file : files) {
      Seen what = look(file);
      what.format().ifPresent(f -> models.add(new Named(what.name(), file, f, what.description())));
    }
    return named(models);
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder, DEPTH)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("models folder {} can't be read: {}", folder, e.toString());
      return List.of();
    }
  }

  private Seen look(Path file) {
    Stamp stamp = Stamp.of(file);
    Seen known = seen.get(file);
    if (known == null || !known.stamp().equals(stamp)) {
      known = learn(file, stamp);
      seen.put(file, known);
    }
    return known;
  }

  private Seen learn(Path file, Stamp stamp) {
    Optional<String> format = formats.apply(file);
    try {
      Card card = format.isPresent() ? Card.of(file) : null;
      String name =
          card == null || card.model().name().isEmpty() ? stem(file) : card.model().name();
      return new Seen(stamp, format, name, card == null ? "" : card.model().description());
    } catch (ModelException e) {
      return new Seen(stamp, format, stem(file), "its card can't be read: " + e.getMessage());
    }
  }

  private static String stem(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** Of those that share a name the ONNX file has it; the others go by their file's name. */
  private static List<Named> named(List<Named> models) {
    Map<String, List<Named>> byName = models.stream().collect(Collectors.groupingBy(Named::name));
    List<Named> all = new ArrayList<>();
    for (List<Named> same : byName.values()) {
      List<Named> ranked =
          same.stream().sorted(Comparator.comparing(m -> !m.format().equals("onnx"))).toList();
      all.add(ranked.get(0));
      ranked.stream().skip(1).map(m -> byFile(m, models)).forEach(all::add);
    }
    return all.stream().sorted(Comparator.comparing(Named::name)).toList();
  }

  private static Named byFile(Named model, List<Named> models) {
    Path name = model.path().getFileName();
    long same = models.stream().filter(m -> name.equals(m.path().getFileName())).count();
    String asked = same == 1 ? name.toString() : model.path().toString();
    return new Named(asked, model.path(), model.format(), model.description());
  }
}
