package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import wherefore.graph.Batch;
import wherefore.graph.ExpandLate;
import wherefore.graph.Graph;
import wherefore.graph.InterpolateLate;
import wherefore.graph.Prune;
import wherefore.graph.Rewrite;
import wherefore.graph.Stages;
import wherefore.graph.SumEarly;

/**
 * What is done to a program's graph before a backend sees it, so that what is the same for all
 * rows, or linear, is computed once.
 *
 * @param disabled what is left out ({@code wherefore.rewrites.disable}, separated by commas), to
 *     find out which one is to blame
 */
record Rewrites(Set<String> disabled) {
  static final String DISABLE = "wherefore.rewrites.disable";
  static final String EXPAND_LATE = "expand-late";
  static final String INTERPOLATE_LATE = "interpolate-late";
  static final String SUM_EARLY = "sum-early";
  static final String COMPUTE_ONCE = "compute-once";

  private static final Set<String> KNOWN =
      new TreeSet<>(Set.of(EXPAND_LATE, INTERPOLATE_LATE, SUM_EARLY, COMPUTE_ONCE));

  /** All of them. */
  static final Rewrites ALL = new Rewrites(Set.of());

  Rewrites {
    disabled = new TreeSet<>(disabled);
    for (String name : disabled) {
      if (!KNOWN.contains(name)) {
        throw new IllegalArgumentException(
            "setting %s names no rewrite %s; known: %s"
                .formatted(DISABLE, name, String.join(", ", KNOWN)));
      }
    }
  }

  /** All but those named. */
  static Rewrites allBut(String names) {
    return new Rewrites(
        Arrays.stream(names.split(","))
            .map(String::strip)
            .filter(s -> !s.isEmpty())
            .collect(Collectors.toSet()));
  }

  boolean does(String name) {
    return !disabled.contains(name);
  }

  /** A graph for a batch as it will be computed. */
  Stages stages(Graph graph, Batch batch) {
    List<Rewrite> rewrites = new ArrayList<>(List.of(new Prune()));
    if (does(EXPAND_LATE)) {
      rewrites.add(new ExpandLate(batch));
    }
    if (does(INTERPOLATE_LATE)) {
      rewrites.add(new InterpolateLate(batch));
    }
    if (does(SUM_EARLY)) {
      rewrites.add(new SumEarly(batch));
    }
    return Stages.of(Rewrite.all(graph, rewrites), batch, does(COMPUTE_ONCE));
  }

  /** What of this may change a number: all of it, by rounding. */
  Map<String, String> numeric() {
    return disabled.isEmpty() ? Map.of() : Map.of(DISABLE, String.join(",", disabled));
  }
}
