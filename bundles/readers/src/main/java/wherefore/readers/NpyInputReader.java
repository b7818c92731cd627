package wherefore.readers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
 * takes the third.
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
    return List.of("npy");
  }

  @Override
  public Input read(Path path, Port port, ModelCard card) throws ModelException {
    Selection selection = Readers.select(path);
    Tensor stored = load(selection.file());
    Tensor value = Readers.as(path, port, fit(path, port, selection.row(), stored));
    List<String> features =
        card.features().size() == value.size() ? card.features() : List.<String>of();
    return new Input(path.toString(), value, picture(value, card), features);
  }

  private static Tensor load(Path file) throws ModelException {
    try {
      return Npy.read(file);
    } catch (IOException e) {
      throw e instanceof ModelException known ? known : new ModelException(message(file, e), e);
    }
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
