package wherefore.runtime.attributor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.tensor.ElementType;

/**
 * The layers that turn integers into vectors. Tokens have no gradient; what is explained in an
 * integer input's place is the output of each layer that looks it up in a constant table.
 *
 * <p>On its way to the table the input may be cast, moved and shifted, but not be compared: what is
 * looked up for a position or a mask is no embedding of the input.
 */
final class Embeddings {
  private final Graph graph;
  private final boolean[] constant;
  private final Map<Integer, String> integers = new HashMap<>();
  private final SequencedMap<String, String> layers = new LinkedHashMap<>();

  private Embeddings(Graph graph) {
    this.graph = graph;
    this.constant = new boolean[graph.nodes().size()];
  }

  /** The layers, in order, each with the integer input that it looks up. */
  static SequencedMap<String, String> of(Graph graph) {
    Embeddings embeddings = new Embeddings(graph);
    graph.nodes().forEach(embeddings::visit);
    return embeddings.layers;
  }

  private void visit(Node node) {
    constant[node.id()] =
        node.op() instanceof Leaf.Constant
            || !node.inputs().isEmpty() && node.inputs().stream().allMatch(in -> constant[in]);
    if (node.op() instanceof Leaf.Input input) {
      if (node.type().element() == ElementType.INT64) {
        integers.put(node.id(), input.name());
      }
    } else if (node.op() instanceof Primitive.Gather && isTable(node.inputs().get(0))) {
      layer(node);
    } else if (node.type().element() == ElementType.INT64) {
      source(node).ifPresent(name -> integers.put(node.id(), name));
    }
  }

  private boolean isTable(int id) {
    return constant[id] && graph.node(id).type().element().isFloating();
  }

  private void layer(Node node) {
    String input = integers.get(node.inputs().get(1));
    if (input != null && !node.origin().isEmpty() && isOutput(node)) {
      layers.put(node.origin(), input);
    }
  }

  /** Whether the layer's output is what was looked up, perhaps under another shape. */
  private boolean isOutput(Node gather) {
    Node node = graph.layer(gather.origin());
    while (node.id() > gather.id() && isMove(node)) {
      node = graph.node(node.inputs().get(0));
    }
    return node.id() == gather.id();
  }

  private static boolean isMove(Node node) {
    return switch (node.op()) {
      case Primitive.Reshape r -> true;
      case Primitive.Transpose t -> true;
      case Primitive.Cast c -> true;
      default -> false;
    };
  }

  /** The one input that an integer value comes from, if there is one. */
  private Optional<String> source(Node node) {
    List<Integer> operands = new ArrayList<>(node.inputs());
    if (node.op() instanceof Primitive.Where) {
      operands.remove(0);
    }
    operands.removeIf(in -> constant[in]);
    Set<Optional<String>> sources =
        operands.stream()
            .map(in -> Optional.ofNullable(integers.get(in)))
            .collect(Collectors.toSet());
    return sources.size() == 1 ? sources.iterator().next() : Optional.empty();
  }
}
