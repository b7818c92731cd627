package wherefore.runtime.attributor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.ModelLoader;

/** Reads files that say {@code scale 3}: y = 3·x for images of 2 x 2 pixels. */
final class ScaleLoader implements ModelLoader {
  final AtomicInteger loads = new AtomicInteger();
  private final String format;
  private final String extension;

  ScaleLoader(String format, String extension) {
    this.format = format;
    this.extension = extension;
  }

  @Override
  public String format() {
    return format;
  }

  @Override
  public List<String> extensions() {
    return List.of(extension);
  }

  @Override
  public boolean accepts(Path file) {
    try {
      return Files.readString(file).startsWith("scale ");
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Model load(Path file, ModelCard card) throws ModelException {
    loads.incrementAndGet();
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (IOException e) {
      throw new ModelException(file + ": can't be read", e);
    }
    if (!text.matches("scale \\d+")) {
      throw new ModelException(file + ": is not a scale: " + text);
    }
    double scale = Double.parseDouble(text.substring(6));
    Model m =
        Networks.model(
            card.name().isEmpty() ? "unnamed" : card.name(),
            List.of(Networks.port("x", Networks.F32, -1, 1, 2, 2)),
            List.of(),
            (b, in) -> b.mul(Networks.input(in, "x"), scale));
    String source = file.toString();
    return new Model(m.name(), format, text, source, card, m.inputs(), m.outputs(), m.network());
  }
}
