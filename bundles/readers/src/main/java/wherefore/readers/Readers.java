package wherefore.readers;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/** What readers share. */
final class Readers {
  private static final Pattern SELECTED = Pattern.compile("(.+)#(\\d+)");

  private Readers() {}

  /**
   * A file and one of its rows.
   *
   * @param file where it lies
   * @param row counted from 1, or empty if none was named
   */
  record Selection(Path file, Optional<Integer> row) {
    /** The row that is meant where none is named: the first. */
    int rowOrFirst() {
      return row.orElse(1);
    }
  }

  /**
   * Takes {@code rows.csv#3} apart, unless a file has that very name.
   *
   * @throws ModelException if there is no such file
   */
  static Selection select(Path path) throws ModelException {
    Matcher selected = SELECTED.matcher(path.toString());
    if (!Files.exists(path) && selected.matches()) {
      int row = selected.group(2).length() > 9 ? 0 : Integer.parseInt(selected.group(2));
      Path file = path.resolveSibling(Path.of(selected.group(1)).getFileName());
      return new Selection(require(file), Optional.of(requirePositive(path, row)));
    }
    return new Selection(require(path), Optional.empty());
  }

  private static Path require(Path file) throws ModelException {
    if (!Files.isRegularFile(file)) {
      throw new ModelException(file + ": there is no such file");
    }
    return file;
  }

  private static int requirePositive(Path path, int row) throws ModelException {
    if (row < 1) {
      throw new ModelException(path + ": rows are counted from 1 to 999999999");
    }
    return row;
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Numbers as the type of a port.
   *
   * @throws ModelException if the port takes whole numbers and one isn't, or numbers at all
   */
  static Tensor as(Path file, Port port, Tensor tensor) throws ModelException {
    if (tensor.type() == port.element()) {
      return tensor;
    }
    boolean truth = tensor.type() == ElementType.BOOL || port.element() == ElementType.BOOL;
    if (truth || port.element() == ElementType.INT64 && !isWhole(tensor)) {
      throw new ModelException(
          "%s: holds %s%s, but the model takes %s"
              .formatted(file, tensor.type().symbol(), tensor.shape(), port));
    }
    return tensor.to(port.element());
  }

  private static boolean isWhole(Tensor tensor) {
    return Arrays.stream(tensor.toDoubles()).allMatch(v -> v == Math.rint(v) && v == (long) v);
  }

  /** The first few names, and how many there are beyond. */
  static String list(List<String> names) {
    int shown = Math.min(names.size(), 10);
    String first = String.join(", ", names.subList(0, shown));
    return shown < names.size() ? first + ", … (" + names.size() + ")" : first;
  }
}
