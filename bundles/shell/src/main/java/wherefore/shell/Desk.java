package wherefore.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import wherefore.attribution.Attributor;
import wherefore.attribution.Explanation;
import wherefore.attribution.ExplanationFormat;
import wherefore.attribution.MethodDescription;
import wherefore.attribution.MethodInfo;
import wherefore.model.Input;
import wherefore.model.Model;
import wherefore.model.ModelCatalog;
import wherefore.model.ModelException;
import wherefore.model.ModelExporter;
import wherefore.render.Renderer;
import wherefore.tensor.Tensor;

/**
 * What a command works with: the services that are there as it starts.
 *
 * @param attributor answers
 * @param models finds models and reads inputs
 * @param renderers draw
 * @param exporters write models
 * @param documents reads and writes explanation documents, where there is one
 * @param directory what relative files are relative to
 */
record Desk(
    Attributor attributor,
    ModelCatalog models,
    List<Renderer> renderers,
    List<ModelExporter> exporters,
    Optional<ExplanationFormat> documents,
    Path directory) {
  Desk {
    renderers = List.copyOf(renderers);
    exporters = List.copyOf(exporters);
  }

  /** A file as the user names it. */
  Path file(String text) {
    try {
      return directory.resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw Failure.failed("'" + text + "' is no file name: " + e.getReason());
    }
  }

  /** A file that must be there. */
  Path existing(String text) {
    Path file = file(text);
    if (!Files.exists(file)) {
      throw Failure.failed(file + ": no such file");
    }
    if (Files.isDirectory(file)) {
      throw Failure.failed(file + ": is a directory; a file is needed");
    }
    return file;
  }

  /** The model of this name or in this file. */
  Model model(String nameOrFile) throws ModelException {
    Path file = file(nameOrFile);
    return models.model(Files.exists(file) ? file.toString() : nameOrFile);
  }

  /** A file as input of a model. */
  Input input(Model model, String file) throws ModelException {
    return models.input(model, (isRow(file) ? file(file) : existing(file)).toString());
  }

  /** {@code FILE#3}. */
  private boolean isRow(String text) {
    return text.matches(".+#\\d+") && !Files.exists(file(text));
  }

  /** Whether it is the name of a file, a row of a file, or a folder. */
  boolean isData(String text) {
    return isRow(text) || Files.exists(file(text));
  }

  /** A file or a folder as a data set for a model. */
  Tensor examples(Model model, String path) throws ModelException {
    Path data = file(path);
    return models.examples(
        model, (isRow(path) || Files.isDirectory(data) ? data : existing(path)).toString());
  }

  /** The explanation in a document. */
  Explanation document(String file) throws IOException {
    return format().read(existing(file), models);
  }

  /** Reads and writes documents. */
  ExplanationFormat format() {
    return documents.orElseThrow(
        () ->
            Failure.failed(
                "explanation documents can't be read or written: no bundle provides the service "
                    + ExplanationFormat.class.getName()));
  }

  /** What a method says of itself, if it is there. */
  Optional<MethodInfo> info(String method) {
    return attributor.methods().stream()
        .filter(m -> m.id().equals(method))
        .findFirst()
        .map(MethodDescription::info);
  }

  /** The extension of a file's name, without the dot, lower case. */
  static String extension(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
