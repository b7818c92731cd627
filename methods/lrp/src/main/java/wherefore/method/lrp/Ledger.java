package wherefore.method.lrp;

import java.util.ArrayList;
import java.util.List;
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
  private final int rows;
  private final boolean kept;
  private final List<String> entries = new ArrayList<>();

  Ledger(GraphBuilder b, int rows, boolean kept) {
    this.b = b;
    this.rows = rows;
    this.kept = kept;
  }

  /** Names of the outputs that hold the sums. */
  List<String> entries() {
    return entries;
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
    for (int i = 2; entries.contains(RECEIVED + own); i++) {
      own = name + " (" + i + ")";
    }
    return own;
  }

  private void write(String entry, Value relevance) {
    entries.add(entry);
    List<Integer> axes = IntStream.range(1, relevance.shape().rank()).boxed().toList();
    b.output(entry, b.reshape(b.sum(relevance, axes), Shape.of(rows)));
  }
}
