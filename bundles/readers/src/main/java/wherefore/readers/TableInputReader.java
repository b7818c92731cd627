package wherefore.readers;

import java.nio.DoubleBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.osgi.service.component.annotations.Component;
import wherefore.model.Input;
import wherefore.model.InputReader;
import wherefore.model.ModelCard;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.model.ProvidesReader;
import wherefore.readers.Readers.Selection;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Rows of comma-, semicolon- or tab-separated tables: the first one, or with {@code FILE#3} the
 * third below the header; all of them as a data set.
 *
 * <p>With feature names on the model's card the header's columns are matched by name, in whatever
 * order, and others are passed over; a table without a header must have exactly the card's features
 * in the card's order. Without names on the card the numeric columns are taken in order. A column
 * that the card has categories for holds one of them, and becomes numbers as the card says.
 */
@Component
@ProvidesReader(reader = "table")
public final class TableInputReader implements InputReader {
  @Override
  public String id() {
    return "table";
  }

  @Override
  public List<String> extensions() {
    return List.of("csv", "tsv");
  }

  @Override
  public Input read(Path path, Port port, ModelCard card) throws ModelException {
    Selection selection = Readers.select(path);
    Preprocessing.Table scaling = scaling(path, card);
    Csv.Row row = Csv.row(selection.file(), selection.rowOrFirst());
    Encoded encoded = encoded(row, columns(row, card, scaling), card, scaling);
    Tensor value = tensor(path, port, encoded, scaling);
    return new Input(path.toString(), value, Optional.empty(), encoded.names());
  }

  @Override
  public Tensor examples(Path path, Port port, ModelCard card) throws ModelException {
    Selection selection = Readers.select(path);
    if (selection.row().isPresent()) {
      return read(path, port, card).value();
    }
    Preprocessing.Table scaling = scaling(path, card);
    List<Csv.Row> rows = Csv.rows(selection.file());
    int[] columns = columns(rows.get(0), card, scaling);
    List<Tensor> examples = new ArrayList<>();
    for (Csv.Row row : rows) {
      examples.add(tensor(path, port, encoded(row, columns, card, scaling), scaling));
    }
    return Tensor.concatRows(examples);
  }

  private static int[] columns(Csv.Row row, ModelCard card, Preprocessing.Table scaling)
      throws ModelException {
    return card.features().isEmpty() ? usable(row, scaling) : named(row, card.features());
  }

  private static Encoded encoded(
      Csv.Row row, int[] columns, ModelCard card, Preprocessing.Table scaling)
      throws ModelException {
    return Encoded.of(row, columns, features(row, columns, card), scaling);
  }

  private static Tensor tensor(Path path, Port port, Encoded encoded, Preprocessing.Table scaling)
      throws ModelException {
    double[] scaled = scaled(path, scaling, encoded.values());
    return Readers.as(path, port, shaped(path, port, encoded.names(), scaled));
  }

  private static List<String> features(Csv.Row row, int[] columns, ModelCard card) {
    return card.features().isEmpty()
        ? IntStream.of(columns).mapToObj(row::name).toList()
        : card.features();
  }

  private static Preprocessing.Table scaling(Path path, ModelCard card) throws ModelException {
    return switch (card.preprocessing().orElse(new Preprocessing.Raw())) {
      case Preprocessing.Table table -> table;
      case Preprocessing.Raw raw -> new Preprocessing.Table(List.of(), List.of());
      case Preprocessing.Text text ->
          throw new ModelException(
              "%s: is a table, but the model's card says its input is a text; give a .txt or a .npy file"
                  .formatted(path));
      case Preprocessing.Image image ->
          throw new ModelException(
              "%s: is a table, but the model's card says its input is an image of %d x %d pixels; give an image or a .npy file"
                  .formatted(path, image.width(), image.height()));
    };
  }

  /** Numbers, and words that the card has categories for. */
  private static int[] usable(Csv.Row row, Preprocessing.Table scaling) {
    return IntStream.range(0, row.fields().size())
        .filter(
            column ->
                Csv.isNumber(row.fields().get(column))
                    || scaling.categories().containsKey(row.name(column)))
        .toArray();
  }

  private static int[] named(Csv.Row row, List<String> features) throws ModelException {
    if (row.header().isEmpty()) {
      return inOrder(row, features);
    }
    int[] columns = new int[features.size()];
    List<String> missing = new ArrayList<>();
    for (int i = 0; i < columns.length; i++) {
      columns[i] = row.header().indexOf(features.get(i));
      if (columns[i] < 0) {
        missing.add(features.get(i));
      } else if (row.header().lastIndexOf(features.get(i)) != columns[i]) {
        throw row.failure("has the column %s twice".formatted(features.get(i)));
      }
    }
    if (!missing.isEmpty()) {
      throw new ModelException(
          "%s: lacks the column%s %s; its header has %s"
              .formatted(
                  row.file(),
                  missing.size() == 1 ? "" : "s",
                  Readers.list(missing),
                  Readers.list(row.header())));
    }
    return columns;
  }

  private static int[] inOrder(Csv.Row row, List<String> features) throws ModelException {
    if (row.fields().size() != features.size()) {
      throw row.failure(
          "has no header and %d columns; the model takes %d features: %s"
              .formatted(row.fields().size(), features.size(), Readers.list(features)));
    }
    return IntStream.range(0, features.size()).toArray();
  }

  private static double[] scaled(Path path, Preprocessing.Table scaling, double[] values)
      throws ModelException {
    checkLength(path, "mean", scaling.mean(), values.length);
    checkLength(path, "deviation", scaling.deviation(), values.length);
    double[] scaled = values.clone();
    for (int i = 0; i < values.length; i++) {
      scaled[i] -= scaling.mean().isEmpty() ? 0 : scaling.mean().get(i);
      scaled[i] /= scaling.deviation().isEmpty() ? 1 : scaling.deviation().get(i);
    }
    return scaled;
  }

  private static void checkLength(Path path, String what, List<Double> numbers, int features)
      throws ModelException {
    if (!numbers.isEmpty() && numbers.size() != features) {
      throw new ModelException(
          "%s: has %d features, but the model's card has %d numbers for %s"
              .formatted(path, features, numbers.size(), what));
    }
  }

  private static Tensor shaped(Path path, Port port, List<String> names, double[] values)
      throws ModelException {
    List<Port.Axis> axes = port.axes();
    int known = 1;
    int free = 0;
    for (Port.Axis axis : axes.subList(Math.min(1, axes.size()), axes.size())) {
      known *= axis.isFree() ? 1 : axis.extent();
      free += axis.isFree() ? 1 : 0;
    }
    boolean fits = free == 0 ? known == values.length : free == 1 && values.length % known == 0;
    if (axes.isEmpty() || !fits) {
      throw new ModelException(
          "%s: has %d numeric columns (%s), but the model takes %s"
              .formatted(path, values.length, Readers.list(names), port));
    }
    int rest = values.length / known;
    int[] dims =
        IntStream.range(0, axes.size())
            .map(a -> a == 0 ? 1 : axes.get(a).isFree() ? rest : axes.get(a).extent())
            .toArray();
    return Tensor.wrap(Shape.of(dims), DoubleBuffer.wrap(values));
  }
}
