package wherefore.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import wherefore.attribution.ExplanationFormat;
import wherefore.document.ExplanationDocument;
import wherefore.model.ModelExporter;
import wherefore.render.Renderer;
import wherefore.runtime.attributor.AttributorService;
import wherefore.runtime.attributor.CatalogService;

/** The real services of a flat class path, and commands on them. */
final class Bench {
  private final Desk desk;

  Bench(Path directory) {
    desk =
        new Desk(
            new AttributorService(),
            new CatalogService(),
            all(Renderer.class),
            all(ModelExporter.class),
            all(ExplanationFormat.class).stream().findFirst().or(Bench::document),
            directory);
  }

  private static <T> List<T> all(Class<T> type) {
    List<T> found = new ArrayList<>();
    ServiceLoader.load(type).forEach(found::add);
    return found;
  }

  private static Optional<ExplanationFormat> document() {
    return Optional.of(new ExplanationDocument());
  }

  Desk desk() {
    return desk;
  }

  Object run(String command, String... words) {
    return Objects.requireNonNull(Commands.named(command).orElseThrow().run(List.of(words), desk));
  }

  /** The one line of a command that fails. */
  String failure(String command, String... words) {
    Failure failure = assertThrows(Failure.class, () -> run(command, words));
    assertEquals(Failure.FAILED, failure.exitCode());
    assertFalse(failure.toString().contains("\n"), failure.toString());
    return failure.toString();
  }
}
