package wherefore.readers;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;
import wherefore.model.ModelException;

/** Tables as text (RFC 4180, UTF-8), with comma, semicolon or tab, whichever the first line has. */
final class Csv {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  private Csv() {}

  /**
   * One row.
   *
   * @param file where it is from
   * @param line in the file, counted from 1
   * @param header the columns' names, or empty if the table has none
   * @param fields as many as the header has
   */
  record Row(Path file, long line, List<String> header, List<String> fields) {
    /** A column's name, or its number if it has none. */
    String name(int column) {
      return header.isEmpty() ? "column " + (column + 1) : header.get(column);
    }

    double number(int column) throws ModelException {
      String text = fields.get(column);
      if (!isNumber(text)) {
        throw failure("column %s is '%s'; it must be a number".formatted(name(column), text));
      }
      return Double.parseDouble(text);
    }

    ModelException failure(String finding) {
      return new ModelException("%s: line %d: %s".formatted(file, line, finding));
    }
  }

  /** True for decimal numbers of finite size. */
  static boolean isNumber(String text) {
    return NUMBER.matcher(text).matches() && Double.isFinite(Double.parseDouble(text));
  }

  /**
   * A row below the header.
   *
   * @param number counted from 1
   */
  static Row row(Path file, int number) throws ModelException {
    return rows(file, number, number).get(0);
  }

  /** All rows below the header. */
  static List<Row> rows(Path file) throws ModelException {
    return rows(file, 1, Integer.MAX_VALUE);
  }

  private static List<Row> rows(Path file, int first, int last) throws ModelException {
    try (CsvReader<CsvRecord> records =
        CsvReader.builder()
            .fieldSeparator(separator(file))
            .allowExtraFields(true)
            .allowMissingFields(true)
            .ofCsvRecord(file)) {
      return rows(file, records.iterator(), first, last);
    } catch (CharacterCodingException e) {
      throw new ModelException(file + ": is not text in UTF-8", e);
    } catch (CsvParseException | UncheckedIOException | NoSuchElementException e) {
      throw new ModelException(file + ": is not a table in UTF-8 text: " + e.getMessage(), e);
    } catch (ModelException e) {
      throw e;
    } catch (IOException e) {
      throw new ModelException(file + ": can't be read: " + e.getMessage(), e);
    }
  }

  private static List<Row> rows(Path file, Iterator<CsvRecord> records, int first, int last)
      throws ModelException {
    List<String> header = List.of();
    List<Row> found = new ArrayList<>();
    int rows = 0;
    for (int i = 0; rows < last && records.hasNext(); i++) {
      CsvRecord next = records.next();
      List<String> fields = fields(next);
      if (i == 0 && !fields.stream().allMatch(Csv::isNumber)) {
        header = fields;
      } else if (++rows >= first) {
        found.add(whole(new Row(file, next.getStartingLineNumber(), header, fields)));
      }
    }
    if (found.isEmpty()) {
      throw new ModelException(
          rows == 0
              ? file + ": has no row of values"
              : "%s: row %d is asked for, but there are %d".formatted(file, first, rows));
    }
    return found;
  }

  private static List<String> fields(CsvRecord next) {
    List<String> fields = new ArrayList<>(next.getFields());
    fields.replaceAll(String::strip);
    fields.set(0, fields.get(0).replace("\uFEFF", ""));
    return fields;
  }

  private static Row whole(Row row) throws ModelException {
    if (!row.header().isEmpty() && row.fields().size() != row.header().size()) {
      throw row.failure(
          "has %d columns, the header has %d".formatted(row.fields().size(), row.header().size()));
    }
    return row;
  }

  private static char separator(Path file) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      char[] start = new char[1 << 16];
      int length = Math.max(0, reader.read(start));
      String line = new String(start, 0, length).lines().findFirst().orElse("");
      char best = ',';
      for (char candidate : new char[] {';', '\t'}) {
        best = count(line, candidate) > count(line, best) ? candidate : best;
      }
      return best;
    }
  }

  private static long count(String line, char character) {
    return line.chars().filter(c -> c == character).count();
  }
}
