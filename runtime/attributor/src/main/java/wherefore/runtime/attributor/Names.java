package wherefore.runtime.attributor;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names in errors: those that are known, and those that were perhaps meant. */
final class Names {
  private static final int LISTED = 12;
  private static final int NEAREST = 3;

  private Names() {}

  /** All of a few; of many the first twelve, and how many more there are. */
  static String list(Collection<String> names) {
    if (names.isEmpty()) {
      return "none";
    }
    String listed = String.join(", ", names.stream().limit(LISTED).toList());
    int more = names.size() - LISTED;
    return more > 0 ? listed + " and " + more + " more" : listed;
  }

  /** The nearest ones where there are, then {@link #list}. */
  static String known(String asked, Collection<String> names) {
    List<String> nearest = nearest(asked, names);
    String known = "known: " + list(names);
    return nearest.isEmpty() ? known : "nearest: " + String.join(", ", nearest) + "; " + known;
  }

  private static List<String> nearest(String asked, Collection<String> names) {
    String wanted = asked.toLowerCase(Locale.ROOT);
    int allowed = Math.min(Math.max(2, wanted.length() / 3), wanted.length() - 1);
    return names.stream()
        .filter(n -> distance(wanted, n.toLowerCase(Locale.ROOT)) <= allowed)
        .sorted(Comparator.comparingInt(n -> distance(wanted, n.toLowerCase(Locale.ROOT))))
        .limit(NEAREST)
        .toList();
  }

  /** Levenshtein's: the fewest insertions, deletions and replacements. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replace, Math.min(previous[j], row[j - 1]) + 1);
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
