package wherefore.readers;

import java.util.ArrayList;
import java.util.List;
import wherefore.model.ModelException;
import wherefore.model.Preprocessing;

/**
 * A row's columns as numbers.
 *
 * @param values one or, of a word, several a column
 * @param names of each; of a word {@code colour=red}
 */
record Encoded(double[] values, List<String> names) {
  /**
   * The numbers of some columns.
   *
   * @param features what the columns are called
   */
  static Encoded of(Csv.Row row, int[] columns, List<String> features, Preprocessing.Table card)
      throws ModelException {
    requireKnown(row, features, card);
    List<Double> values = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < columns.length; i++) {
      String feature = features.get(i);
      List<String> categories = card.categories().get(feature);
      if (categories == null) {
        values.add(row.number(columns[i]));
        names.add(feature);
        continue;
      }
      int place = place(row, columns[i], feature, categories);
      switch (card.encoding()) {
        case INDEX -> {
          values.add((double) place);
          names.add(feature);
        }
        case ONE_HOT -> {
          for (int c = 0; c < categories.size(); c++) {
            values.add(c == place ? 1.0 : 0);
            names.add(feature + "=" + categories.get(c));
          }
        }
      }
    }
    return new Encoded(values.stream().mapToDouble(Double::doubleValue).toArray(), names);
  }

  private static void requireKnown(Csv.Row row, List<String> names, Preprocessing.Table card)
      throws ModelException {
    for (String feature : card.categories().keySet()) {
      if (!names.contains(feature)) {
        throw new ModelException(
            "%s: the model's card has categories for %s, which is none of the columns that go in: %s"
                .formatted(row.file(), feature, Readers.list(names)));
      }
    }
  }

  private static int place(Csv.Row row, int column, String feature, List<String> categories)
      throws ModelException {
    int place = categories.indexOf(row.fields().get(column));
    if (place < 0) {
      throw row.failure(
          "column %s is '%s'; it must be one of %s"
              .formatted(feature, row.fields().get(column), String.join(", ", categories)));
    }
    return place;
  }
}
