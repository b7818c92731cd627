package wherefore.examples.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** Labelled rows of numbers, in the order of the file they were read from. */
record Table(List<String> features, List<Row> rows) {

  /**
   * One example.
   *
   * @param values one value for each feature, in the file's units
   * @param label the class, from 0
   */
  record Row(float[] values, int label) {}

  /**
   * Rows to learn from and rows to judge by.
   *
   * @param training what the model sees
   * @param heldOut what it never sees
   */
  record Split(Table training, Table heldOut) {}

  /** Reads a CSV file with a header; the column named {@code label} holds the class. */
  static Table read(Path file, String label) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<String> header = List.of(lines.getFirst().split(","));
    int at = header.indexOf(label);
    if (at < 0) {
      throw new IOException(file + " has no column '" + label + "'; its columns: " + header);
    }
    List<String> features = new ArrayList<>(header);
    features.remove(at);
    return new Table(features, lines.stream().skip(1).map(line -> row(line, at)).toList());
  }

  private static Row row(String line, int label) {
    String[] cells = line.split(",");
    float[] values = new float[cells.length - 1];
    for (int i = 0, to = 0; i < cells.length; i++) {
      if (i != label) {
        values[to++] = Float.parseFloat(cells[i]);
      }
    }
    return new Row(values, (int) Double.parseDouble(cells[label]));
  }

  /** Holds back one fifth of the rows, drawn without replacement by the seed. */
  Split split(long seed) {
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, new Random(seed));
    int heldOut = rows.size() / 5;
    return new Split(
        new Table(features, List.copyOf(shuffled.subList(heldOut, rows.size()))),
        new Table(features, List.copyOf(shuffled.subList(0, heldOut))));
  }

  /** The row of the given class for which {@code score} is largest. */
  Row best(int label, ToDoubleFunction<Row> score) {
    return rows.stream()
        .filter(row -> row.label() == label)
        .max((a, b) -> Double.compare(score.applyAsDouble(a), score.applyAsDouble(b)))
        .orElseThrow();
  }
}
