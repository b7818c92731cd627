package wherefore.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import wherefore.attribution.Attributor;
import wherefore.graph.Graph;
import wherefore.graph.GraphException;
import wherefore.model.InputReader;
import wherefore.model.Model;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.ModelLoader;
import wherefore.model.Port;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * What cases run on.
 *
 * @param attributor answers
 * @param loaders read models
 * @param readers read tensors
 * @param backend the backend's id, or empty for the best one there is
 */
record Bench(
    Attributor attributor,
    List<ModelLoader> loaders,
    List<InputReader> readers,
    Optional<String> backend) {
  Bench {
    loaders = List.copyOf(loaders);
    readers = List.copyOf(readers);
  }

  Model load(Path file) throws UnsupportedException {
    ModelLoader loader =
        loaders.stream()
            .filter(l -> l.extensions().contains(extension(file)) && l.accepts(file))
            .findFirst()
            .orElseThrow(() -> new UnsupportedException("no loader takes " + file.getFileName()));
    try {
      return loader.load(file, ModelCard.EMPTY);
    } catch (ModelException e) {
      throw new UnsupportedException(withoutFile(String.valueOf(e.getMessage()), file), e);
    }
  }

  /** The graph for such inputs; what a model leaves open may only turn out here. */
  static Graph graph(Model model, Map<String, Shape> shapes) throws UnsupportedException {
    try {
      return model.graph(shapes);
    } catch (GraphException e) {
      throw new UnsupportedException(String.valueOf(e.getMessage()), e);
    }
  }

  Tensor read(Path file, Port port) throws UnsupportedException, IOException {
    InputReader reader =
        readers.stream()
            .filter(r -> r.extensions().contains(extension(file)))
            .findFirst()
            .orElseThrow(() -> new UnsupportedException("no reader takes " + file.getFileName()));
    return reader.read(file, port, ModelCard.EMPTY).value();
  }

  private static String extension(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static String withoutFile(String message, Path file) {
    return message.startsWith(file + ": ") ? message.substring((file + ": ").length()) : message;
  }
}
