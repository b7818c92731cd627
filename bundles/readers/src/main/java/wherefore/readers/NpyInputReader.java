package wherefore.readers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import wherefore.model.Input;
import wherefore.model.InputReader;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.model.ProvidesReader;
import wherefore.readers.Readers.Selection;
import wherefore.tensor.Npy;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Tensors that go in as they are: no preprocessing of the card is applied, numbers are only
 * converted to the input's type. A missing batch axis is added; of several examples {@code FILE#3}
 * takes the third. Of a {@code .npz} file each array goes into the model's input of its name; a
 * single one goes into the first.
 */
@Component
@ProvidesReader(reader = "npy")
public final class NpyInputReader implements InputReader {
  @Override
  public String id() {
    return "npy";
  }

  @Override
  public List<String> extensions() {
    return List.of("npy", "npz");
  }

  @Override
  public Input read(Path path, Port port, ModelCard card) throws ModelException {
    return read(path, List.of(port), card);
  }

  @Override
  public Input read(Path path, List<Port> ports, ModelCard card) throws ModelException {
    Selection selection = Readers.select(path);
    Port port = ports.get(0);
    Map<String, Tensor> arrays = new LinkedHashMap<>(load(selection.file(), port));
    requireKnown(path, arrays, ports);
    Map<String, Tensor> beside = new LinkedHashMap<>();
    for (Port other : ports.subList(1, ports.size())) {
      Tensor array = arrays.get(other.name());
      if (array != null) {
        beside.put(other.name(), Readers.as(path, other, fit(path, other, selection.row(), array)));
      }
    }
    Tensor stored = arrays.getOrDefault(port.name(), arrays.values().iterator().next());
    Tensor value = Readers.as(path, port, fit(path, port, selection.row(), stored));
    List<String> features =
        card.features().size() == value.size() ? card.features() : List.<String>of();
    return new Input(
        path.toString(), value, picture(value, card), features, Optional.empty(), beside);
  }

  @Override
  public Tensor examples(Path path, Port port, ModelCard card) throws ModelException {
    Selection selection = Readers.select(path);
    Map<String, Tensor> arrays = load(selection.file(), port);
    Tensor stored = arrays.getOrDefault(port.name(), arrays.values().iterator().next());
    boolean isSeveral =
        selection.row().isEmpty()
            && stored.shape().rank() > 0
            && port.accepts(batchOfOne(stored.shape()));
    return Readers.as(path, port, isSeveral ? stored : fit(path, port, selection.row(), stored));
  }

  private static void requireKnown(Path path, Map<String, Tensor> arrays, List<Port> ports)
      throws ModelException {
    List<String> known = ports.stream().map(Port::name).toList();
    if (arrays.size() > 1 && !known.containsAll(arrays.keySet())
        || arrays.size() > 1 && !arrays.containsKey(known.get(0))) {
      throw new ModelException(
          "%s: holds the arrays %s; the model's inputs are %s: name the arrays so"
              .formatted(path, String.join(", ", arrays.keySet()), String.join(", ", known)));
    }
  }

  private static Map<String, Tensor> load(Path file, Port port) throws ModelException {
    try {
      return isArchive(file) ? Npz.read(file) : Map.of(port.name(), Npy.read(file));
    } catch (IOException e) {
      throw e instanceof ModelException known ? known : new ModelException(message(file, e), e);
    }
  }

  private static boolean isArchive(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".npz");
  }

  private static String message(Path file, IOException e) {
    String text = String.valueOf(e.getMessage());
    return text.startsWith(file.toString()) ? text : file + ": can't be read: " + text;
  }

  private static Tensor fit(Path path, Port port, Optional<Integer> row, Tensor stored)
      throws ModelException {
    Shape one = Shape.of(1).concat(stored.shape());
    if (row.isEmpty() && port.accepts(one)) {
      return stored.reshape(one);
    }
    if (stored.shape().rank() == 0 || !port.accepts(batchOfOne(stored.shape()))) {
      throw new ModelException(
          "%s: has the shape %s, but the model takes %s (one example, its first axis may be left out)"
              .formatted(path, stored.shape(), port));
    }
    return row(path, row, stored);
  }

  private static Shape batchOfOne(Shape shape) {
    return shape.with(0, 1);
  }

  private static Tensor row(Path path, Optional<Integer> row, Tensor stored) throws ModelException {
    int rows = stored.shape().dim(0);
    if (rows != 1 && row.isEmpty()) {
      throw new ModelException(
          "%s: holds %d examples, of which one is explained at a time: name it as in %s#1"
              .formatted(path, rows, path.getFileName()));
    }
    int number = row.orElse(1);
    if (number > rows) {
      throw new ModelException(
          "%s: example %d is asked for, but there are %d".formatted(path, number, rows));
    }
    return stored.rows(number - 1, number);
  }

  private static Optional<Tensor> picture(Tensor value, ModelCard card) {
    return card.preprocessing().orElse(null) instanceof Preprocessing.Image image
            && value.shape().equals(new Pixels(image).shape())
        ? Optional.of(new Pixels(image).picture(value))
        : Optional.empty();
  }
}
