package wherefore.method.lrp;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.IntStream;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/** How much relevance each linear layer received, passed on, and gave to its bias. */
final class Ledger {
  private static final String RECEIVED = "received ";
  private static final String PASSED = "passed ";
  private static final String BIAS = "to bias ";

  private final GraphBuilder b;
  private final boolean kept;
  private final Set<String> layers = new HashSet<>();
  private final SequencedMap<String, Value> entries = new LinkedHashMap<>();

  /**
   * @param b holds one row
   * @param kept whether it is kept at all
   */
  Ledger(GraphBuilder b, boolean kept) {
    this.b = b;
    this.kept = kept;
  }

  /** The sums, [1], under names in the order in which relevance comes by. */
  SequencedMap<String, Value> entries() {
    return entries;
  }

  /** What an entry is called among the facts. */
  static String fact(String entry) {
    return entry.replaceFirst("^ledger/\\d+/", "");
  }

  /** A layer's rule that is written down. */
  LinearRule of(Node node, LinearRule rule) {
    if (!kept) {
      return rule;
    }
    return (layer, r) -> {
      Shares shares = rule.shares(layer, r);
      String name = name(node);
      write(RECEIVED + name, r);
      write(PASSED + name, shares.input());
      shares.bias().ifPresent(taken -> write(BIAS + name, taken));
      return shares;
    };
  }

  private String name(Node node) {
    String name = node.origin().isEmpty() ? node.op().name() + " " + node.id() : node.origin();
    String own = name;
    for (int i = 2; !layers.add(own); i++) {
      own = name + " (" + i + ")";
    }
    return own;
  }

  private void write(String fact, Value relevance) {
    List<Integer> axes = IntStream.range(0, relevance.shape().rank()).boxed().toList();
    Value sum = b.reshape(b.sum(relevance, axes), Shape.of(1));
    entries.put("ledger/%06d/%s".formatted(entries.size(), fact), sum);
  }
}
