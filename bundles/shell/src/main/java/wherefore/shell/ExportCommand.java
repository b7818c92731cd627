package wherefore.shell;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import wherefore.model.Model;
import wherefore.model.ModelExporter;

/** {@code why:export}. */
final class ExportCommand implements Command<ExportCommand.Arguments> {
  record Arguments(
      @Argument(
              value = "the model's name or file",
              shows = "MODEL",
              form = Argument.Form.EITHER,
              completes = Names.MODEL)
          String model,
      @Argument(
              value = "where it is written; the extension says as what",
              shows = "FILE.onnx",
              form = Argument.Form.PLACE,
              completes = Names.FILE)
          String file,
      @Argument("machine-readable output") boolean json) {}

  /**
   * A model that was written.
   *
   * @param model its name
   * @param format as what
   * @param file where it lies
   */
  public record Exported(String model, String format, String file) implements Shown {
    @Override
    public String shown() {
      return "%s is written as %s to %s".formatted(model, format, file);
    }
  }

  @Override
  public Syntax<Arguments> syntax() {
    return new Syntax<>("export", "Writes a loaded model in another format.", Arguments.class);
  }

  @Override
  public Object run(Arguments a, Desk desk) throws Exception {
    Path file = desk.file(a.file());
    ModelExporter exporter = exporter(desk, file);
    Outputs.checkPlace(file);
    Model model = desk.model(a.model());
    WholeFiles.write(Map.of(file, out -> exporter.export(model, out)));
    Exported exported = new Exported(model.name(), exporter.format(), file.toString());
    return a.json() ? new Json(exported) : exported;
  }

  private static ModelExporter exporter(Desk desk, Path file) {
    TreeSet<String> known = new TreeSet<>();
    desk.exporters().forEach(e -> known.addAll(e.extensions()));
    return desk.exporters().stream()
        .filter(e -> e.extensions().contains(Desk.extension(file)))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.failed(
                    known.isEmpty()
                        ? file + ": no model can be written: no bundle provides an exporter"
                        : "%s: no model is written as such a file; known: .%s"
                            .formatted(file, String.join(", .", known))));
  }
}
