package wherefore.method.lrp;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Node;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/** How much relevance each linear layer received and passed on. */
final class Ledger {
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
      Value passed = rule.relevance(layer, r);
      String name = node.origin().isEmpty() ? node.op().name() + " " + node.id() : node.origin();
      write("received " + name, r);
      write("passed " + name, passed);
      return passed;
    };
  }

  private void write(String name, Value relevance) {
    String entry = name;
    for (int i = 2; entries.contains(entry); i++) {
      entry = name + " (" + i + ")";
    }
    entries.add(entry);
    List<Integer> axes = IntStream.range(1, relevance.shape().rank()).boxed().toList();
    b.output(entry, b.reshape(b.sum(relevance, axes), Shape.of(rows)));
  }
}
