package wherefore.method.attention;

import java.util.ArrayList;
import java.util.List;
import wherefore.attribution.AttributionException;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.model.Model;

/**
 * The attentions of a graph, found by their form: a softmax over the last axis whose operand comes
 * from a matrix product of two computed values (queries and keys), and whose result goes into
 * another one as its left operand (the weights of the values), with nothing between but steps that
 * keep each weight a weight: scaling, masking, another form.
 */
final class Softmaxes {
  private static final String SOUGHT =
      "a softmax over the last axis between two matrix products of computed values";

  private final Graph graph;
  private final List<List<Integer>> users;
  private final boolean[] computed;

  private Softmaxes(Graph graph) {
    this.graph = graph;
    this.users = graph.users();
    this.computed = new boolean[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      computed[node.id()] =
          node.op() instanceof Leaf.Input || node.inputs().stream().anyMatch(in -> computed[in]);
    }
  }

  /**
   * The softmaxes in order.
   *
   * @param method who asks, for the error
   * @throws AttributionException if there is none; the message says what was looked for
   */
  static List<Node> of(Graph graph, Model model, String method) {
    List<Node> found = new Softmaxes(graph).find();
    if (found.isEmpty()) {
      long softmaxes =
          graph.nodes().stream().filter(n -> n.op() instanceof Composite.Softmax).count();
      throw new AttributionException(
          "%s: model %s has no attention: none of its %d softmaxes is %s"
              .formatted(method, model.name(), softmaxes, SOUGHT));
    }
    return found;
  }

  private List<Node> find() {
    List<Node> found = new ArrayList<>();
    for (Node node : graph.nodes()) {
      int rank = node.shape().rank();
      if (node.op() instanceof Composite.Softmax s
          && (rank == 3 || rank == 4)
          && s.axis() == rank - 1
          && isScored(node)
          && isWeight(node)) {
        found.add(node);
      }
    }
    return found;
  }

  private boolean isScored(Node node) {
    Node from = graph.node(node.inputs().get(0));
    while (true) {
      if (isProduct(from)) {
        return true;
      }
      List<Node> operands = graph.operands(from).stream().filter(n -> computed[n.id()]).toList();
      List<Node> scores =
          operands.stream().filter(n -> n.shape().size() == from(node).shape().size()).toList();
      if (!isPlain(from) || scores.isEmpty()) {
        return false;
      }
      from = scores.get(0);
    }
  }

  private Node from(Node softmax) {
    return graph.node(softmax.inputs().get(0));
  }

  private boolean isProduct(Node node) {
    return node.op() instanceof Primitive.MatMul
        && graph.operands(node).stream().allMatch(n -> computed[n.id()]);
  }

  /** Scaling, masking, another form or another element type. */
  private static boolean isPlain(Node node) {
    return switch (node.op()) {
      case Primitive.Binary b -> true;
      case Primitive.Where w -> true;
      case Primitive.Reshape r -> true;
      case Primitive.Transpose t -> true;
      case Primitive.Expand e -> true;
      case Primitive.Cast c -> true;
      case Composite.Clip c -> true;
      default -> false;
    };
  }

  private boolean isWeight(Node node) {
    for (int user : users.get(node.id())) {
      Node next = graph.node(user);
      boolean isLeft = next.inputs().get(0) == node.id();
      if (isProduct(next) && isLeft || isPlain(next) && isWeight(next)) {
        return true;
      }
    }
    return false;
  }
}
