package wherefore.graph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A computation: nodes in topological order and the names of those that are results. A node's
 * operands are earlier nodes, so every pass over a graph is a loop.
 *
 * <p>Made by a {@link GraphBuilder}; immutable and safe to share. The constructor checks the order
 * of the nodes and, by {@link Inference}, each one's type.
 *
 * @param nodes the steps; a node's place is its id
 * @param outputs the results: name to node id, in order
 */
public record Graph(List<Node> nodes, SequencedMap<String, Integer> outputs) {
  /** Checks order and types. */
  public Graph {
    nodes = List.copyOf(nodes);
    outputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(outputs));
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < nodes.size(); i++) {
      check(nodes, i);
      if (nodes.get(i).op() instanceof Leaf.Input input && !names.add(input.name())) {
        throw new GraphException("two inputs are named " + input.name());
      }
    }
    for (Map.Entry<String, Integer> output : outputs.entrySet()) {
      if (output.getValue() < 0 || output.getValue() >= nodes.size()) {
        throw new GraphException("output " + output.getKey() + " names no node");
      }
    }
  }

  private static void check(List<Node> nodes, int i) {
    Node node = nodes.get(i);
    if (node.id() != i || node.inputs().stream().anyMatch(in -> in < 0 || in >= i)) {
      throw new GraphException("node " + node.describe() + " at place " + i + " is out of order");
    }
    List<TensorType> operands = node.inputs().stream().map(in -> nodes.get(in).type()).toList();
    TensorType inferred = Inference.type(node.op(), operands);
    if (!inferred.equals(node.type())) {
      throw new GraphException(
          "node %s says %s, its operands make it %s"
              .formatted(node.describe(), node.type(), inferred));
    }
  }

  /** The node with this id. */
  public Node node(int id) {
    return nodes.get(id);
  }

  /** The operands of a node. */
  public List<Node> operands(Node node) {
    return node.inputs().stream().map(nodes::get).toList();
  }

  /** What is fed: name to type, in order. */
  public SequencedMap<String, TensorType> inputs() {
    SequencedMap<String, TensorType> inputs = new LinkedHashMap<>();
    for (Node node : nodes) {
      if (node.op() instanceof Leaf.Input input) {
        inputs.put(input.name(), input.type());
      }
    }
    return inputs;
  }

  /** The input of a name, if there is one. */
  public Optional<Node> input(String name) {
    return nodes.stream()
        .filter(n -> n.op() instanceof Leaf.Input input && input.name().equals(name))
        .findFirst();
  }

  /** What a node depends on, and the node itself, by their ids. */
  public BitSet needed(int id) {
    BitSet needed = new BitSet();
    needed.set(id);
    for (int at = id; at >= 0; at--) {
      if (needed.get(at)) {
        nodes.get(at).inputs().forEach(needed::set);
      }
    }
    return needed;
  }

  /**
   * The node behind an output.
   *
   * @throws GraphException if there is none of that name; the message lists the known ones
   */
  public Node output(String name) {
    Integer id = outputs.get(name);
    if (id == null) {
      throw new GraphException(
          "no output is named " + name + "; known: " + String.join(", ", outputs.keySet()));
    }
    return nodes.get(id);
  }

  /**
   * The layers by name, in order: for each origin the last node that bears it, which yields the
   * layer's output.
   */
  public SequencedMap<String, Node> layers() {
    SequencedMap<String, Node> layers = new LinkedHashMap<>();
    for (Node node : nodes) {
      if (!node.origin().isEmpty() && !(node.op() instanceof Leaf.Constant)) {
        layers.put(node.origin(), node);
      }
    }
    return layers;
  }

  /**
   * The node that yields a layer's output.
   *
   * @throws GraphException if no layer has that name; the message lists the known ones
   */
  public Node layer(String name) {
    Node node = layers().get(name);
    if (node == null) {
      throw new GraphException(
          "no layer is named " + name + "; known: " + String.join(", ", layers().keySet()));
    }
    return node;
  }

  /** For each node the ids of those that use it. */
  public List<List<Integer>> users() {
    List<List<Integer>> users = new ArrayList<>();
    for (Node node : nodes) {
      users.add(new ArrayList<>());
      node.inputs().forEach(in -> users.get(in).add(node.id()));
    }
    return users;
  }

  /**
   * The text form, a node a line, constants as digests, then the outputs. Two graphs with the same
   * text compute the same function.
   */
  public String text() {
    return nodes.stream().map(Node::toString).collect(Collectors.joining("\n"))
        + "\n"
        + outputs.entrySet().stream()
            .map(o -> o.getKey() + " = %" + o.getValue())
            .collect(Collectors.joining(", ", "return ", "\n"));
  }

  @Override
  public String toString() {
    return text();
  }
}
