package wherefore.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import wherefore.attribution.AttributionException;
import wherefore.attribution.MethodDescription;

/**
 * What became of relevance on its way back, layer by layer: the facts {@code received LAYER},
 * {@code passed LAYER} and {@code to bias LAYER} of a method that keeps a ledger.
 *
 * @param entries in the order in which relevance came by
 */
record Ledger(List<Entry> entries) {
  static final String OPTION = "ledger";
  private static final String RECEIVED = "received ";
  private static final String PASSED = "passed ";
  private static final String BIAS = "to bias ";

  /** A layer's. */
  record Entry(String layer, double received, double passed, double toBias) {}

  /** The ledger among facts; empty if there is none. */
  static Ledger of(Map<String, Double> facts) {
    List<Entry> entries = new ArrayList<>();
    facts.forEach(
        (name, received) -> {
          Double passed = facts.get(name.replaceFirst(RECEIVED, PASSED));
          if (name.startsWith(RECEIVED) && passed != null) {
            String layer = name.substring(RECEIVED.length());
            double toBias = facts.getOrDefault(BIAS + layer, 0.0);
            entries.add(new Entry(layer, received, passed, toBias));
          }
        });
    return new Ledger(entries);
  }

  /** The facts that are in no ledger. */
  static SequencedMap<String, Double> rest(Map<String, Double> facts) {
    SequencedMap<String, Double> rest = new LinkedHashMap<>(facts);
    List<String> ledger = List.of(RECEIVED, PASSED, BIAS);
    rest.keySet().removeIf(name -> ledger.stream().anyMatch(name::startsWith));
    return rest;
  }

  /** The options with a ledger asked for. */
  static Map<String, String> asked(
      Map<String, String> options, String method, List<MethodDescription> methods) {
    List<String> able =
        methods.stream()
            .filter(m -> m.options().stream().anyMatch(o -> o.name().equals(OPTION)))
            .map(MethodDescription::id)
            .toList();
    boolean known = methods.stream().anyMatch(m -> m.id().equals(method));
    if (known && !able.contains(method)) {
      throw new AttributionException(
          "explain: --ledger: method %s keeps no ledger of relevance; those that do: %s"
              .formatted(method, able.isEmpty() ? "none is there" : String.join(", ", able)));
    }
    Map<String, String> more = new LinkedHashMap<>(options);
    more.put(OPTION, "true");
    return more;
  }

  /** A table; what went neither on nor to the bias was lost to a stabiliser or the rule. */
  String shown() {
    List<List<String>> cells = new ArrayList<>();
    cells.add(List.of("LAYER", "RECEIVED", "PASSED ON", "TO BIAS", "TO STABILISER OR RULE"));
    for (Entry e : entries) {
      cells.add(
          List.of(
              e.layer(),
              Numbers.text(e.received()),
              Numbers.text(e.passed()),
              Numbers.text(e.toBias()),
              Numbers.text(e.received() - e.passed() - e.toBias())));
    }
    return Listing.aligned(cells);
  }
}
