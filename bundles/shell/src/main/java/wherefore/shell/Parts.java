package wherefore.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What each place got of each part of a score: the facts {@code PART PLACE}, with a number for the
 * place.
 *
 * @param columns by part, each by place
 */
record Parts(SequencedMap<String, SequencedMap<Integer, Double>> columns) {
  private static final Pattern NAME = Pattern.compile("(.+) (\\d{1,9})");

  /** Those among facts; empty if there is none. */
  static Parts of(Map<String, Double> facts) {
    SequencedMap<String, SequencedMap<Integer, Double>> columns = new LinkedHashMap<>();
    facts.forEach(
        (name, value) -> {
          Matcher m = NAME.matcher(name);
          if (m.matches()) {
            columns
                .computeIfAbsent(m.group(1), part -> new LinkedHashMap<>())
                .put(Integer.valueOf(m.group(2)), value);
          }
        });
    return new Parts(columns);
  }

  /** The facts that tell of no part. */
  static SequencedMap<String, Double> rest(Map<String, Double> facts) {
    SequencedMap<String, Double> rest = new LinkedHashMap<>(facts);
    rest.keySet().removeIf(name -> NAME.matcher(name).matches());
    return rest;
  }

  boolean isEmpty() {
    return columns.isEmpty();
  }

  /** A table with a line a place. */
  String shown() {
    TreeSet<Integer> places = new TreeSet<>();
    columns.values().forEach(c -> places.addAll(c.keySet()));
    List<List<String>> cells = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("PLACE"));
    columns.keySet().forEach(part -> head.add(part.toUpperCase(Locale.ROOT)));
    cells.add(head);
    for (int place : places) {
      List<String> line = new ArrayList<>(List.of(String.valueOf(place)));
      columns
          .values()
          .forEach(c -> line.add(c.containsKey(place) ? Numbers.text(c.get(place)) : "-"));
      cells.add(line);
    }
    return Listing.aligned(cells);
  }
}
