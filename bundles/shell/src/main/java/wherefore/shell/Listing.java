package wherefore.shell;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A list that prints as a table. */
public final class Listing<T> extends AbstractList<T> implements Shown {
  private final List<T> rows;
  private final List<Column<T>> columns;
  private final String empty;

  /**
   * A column of the table.
   *
   * @param title above it
   * @param cell its text in a row
   */
  record Column<T>(String title, Function<T, String> cell) {}

  /**
   * @param empty what is printed of an empty list
   */
  Listing(List<T> rows, String empty, List<Column<T>> columns) {
    this.rows = List.copyOf(rows);
    this.empty = empty;
    this.columns = List.copyOf(columns);
  }

  static <T> Column<T> column(String title, Function<T, String> cell) {
    return new Column<>(title, cell);
  }

  @Override
  public T get(int index) {
    return rows.get(index);
  }

  @Override
  public int size() {
    return rows.size();
  }

  @Override
  public String shown() {
    if (rows.isEmpty()) {
      return empty;
    }
    List<List<String>> cells = new ArrayList<>();
    cells.add(columns.stream().map(Column::title).toList());
    rows.forEach(row -> cells.add(columns.stream().map(c -> c.cell().apply(row)).toList()));
    return aligned(cells);
  }

  /** Cells in columns, each as wide as its widest cell. */
  static String aligned(List<List<String>> cells) {
    int columns = cells.stream().mapToInt(List::size).max().orElse(0);
    int[] widths =
        IntStream.range(0, columns)
            .map(
                c ->
                    cells.stream()
                        .mapToInt(r -> c < r.size() ? r.get(c).length() : 0)
                        .max()
                        .orElse(0))
            .toArray();
    return cells.stream().map(row -> line(row, widths)).collect(Collectors.joining("\n"));
  }

  private static String line(List<String> row, int[] widths) {
    return IntStream.range(0, row.size())
        .mapToObj(c -> row.get(c) + " ".repeat(widths[c] - row.get(c).length()))
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }
}
