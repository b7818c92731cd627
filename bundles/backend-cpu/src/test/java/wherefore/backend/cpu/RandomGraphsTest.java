package wherefore.backend.cpu;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import wherefore.graph.Graph;

/**
 * Graphs made up from seeds, against the reference. {@code -Dwherefore.seed=N} runs one again,
 * {@code -Dwherefore.graphs=N} sets how many.
 */
class RandomGraphsTest {
  @Test
  void agreeWithTheReference() {
    Long seed = Long.getLong("wherefore.seed");
    if (seed != null) {
      check(seed);
      return;
    }
    int count = Integer.getInteger("wherefore.graphs", 120);
    for (long s = 1; s <= count; s++) {
      check(s);
    }
  }

  private static void check(long seed) {
    Graph graph = RandomGraphs.of(seed);
    Agreement.check(graph, new SplittableRandom(~seed), 1e-4, "-Dwherefore.seed=" + seed);
  }
}
