package wherefore.backend.cpu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import wherefore.backend.cpu.onednn.Eltwise;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.Node;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.tensor.ElementType;

/**
 * Which nodes are computed together: an activation, a sum or a product with the convolution or
 * matrix product before it, and element-wise operators with each other.
 */
final class Fusion {
  private static final int LONGEST_TAIL = 3;
  private static final int LARGEST_CHAIN = 24;

  /** From how many elements on a vectorised library function beats a scalar one in a chain. */
  private static final int MANY = 1024;

  private final Graph graph;
  private final List<List<Integer>> users;
  private final Map<Integer, List<Node>> tails = new HashMap<>();
  private final Map<Integer, Integer> heads = new HashMap<>();
  private final Set<Integer> absorbed = new HashSet<>();
  private final Set<Integer> inlined = new HashSet<>();

  Fusion(Graph graph, Settings settings) {
    this.graph = graph;
    this.users = graph.users();
    graph.outputs().values().forEach(id -> users.get(id).add(-1));
    if (settings.does(Settings.FUSE_POST_OPS)) {
      graph.nodes().reversed().stream().filter(Fusion::isHead).forEach(this::absorb);
    }
    if (settings.does(Settings.FUSE_ELEMENTWISE)) {
      inline();
    }
  }

  /** What a convolution or product does with its result, in order. */
  List<Node> tail(Node head) {
    return tails.getOrDefault(head.id(), List.of());
  }

  /** True if a later node's step computes this one too. */
  boolean isAbsorbed(int id) {
    return inlined.contains(id) || absorbed.contains(id);
  }

  /** The convolution or product whose step yields this node; itself if there is none. */
  Node head(Node node) {
    Integer head = heads.get(node.id());
    return head == null ? node : graph.node(head);
  }

  /** True if the node is computed inside the chain of the one that uses it. */
  boolean isInlined(int id) {
    return inlined.contains(id);
  }

  private static boolean isHead(Node node) {
    boolean product =
        node.op() instanceof Primitive.Conv
            || node.op() instanceof Primitive.MatMul
            || node.op() instanceof Composite.Gemm;
    return product && node.type().element() == ElementType.FLOAT32 && node.shape().size() > 0;
  }

  private void absorb(Node head) {
    List<Node> tail = new ArrayList<>();
    Node last = head;
    while (tail.size() < LONGEST_TAIL && users.get(last.id()).size() == 1) {
      int user = users.get(last.id()).get(0);
      if (user < 0 || heads.containsKey(user) || !takes(graph.node(user), last)) {
        break;
      }
      absorbed.add(last.id());
      last = graph.node(user);
      tail.add(last);
    }
    if (!tail.isEmpty()) {
      tails.put(head.id(), tail);
      heads.put(last.id(), head.id());
      tail.forEach(n -> heads.put(n.id(), head.id()));
    }
  }

  private static boolean takes(Node user, Node last) {
    boolean sum =
        user.op() instanceof Primitive.Binary b
            && (b.function() == BinaryFunction.ADD || b.function() == BinaryFunction.MUL);
    boolean function = user.op() instanceof Composite.Relu || Eltwise.of(user.op()).isPresent();
    return user.type().equals(last.type()) && (sum || function);
  }

  /** True if a library function computes the node better than a chain. */
  static boolean isLibraryFunction(Node node) {
    if (node.type().element() != ElementType.FLOAT32 || node.op() instanceof Composite.Relu) {
      return false;
    }
    boolean many = node.shape().size() >= MANY || !Kernel.covers(node.op());
    return many && Eltwise.of(node.op()).isPresent();
  }

  private boolean isChained(int id) {
    Node node = graph.node(id);
    return Kernel.covers(node.op())
        && !isLibraryFunction(node)
        && !heads.containsKey(id)
        && !absorbed.contains(id);
  }

  private void inline() {
    int[] sizes = new int[graph.nodes().size()];
    for (Node node : graph.nodes()) {
      int id = node.id();
      if (!isChained(id)) {
        continue;
      }
      sizes[id] = 1;
      for (int in : new HashSet<>(node.inputs())) {
        boolean small = sizes[id] + sizes[in] <= LARGEST_CHAIN;
        if (small && isOnlyUser(in, id) && isChained(in) && !isMasked(node, in)) {
          sizes[id] += sizes[in];
          inlined.add(in);
        }
      }
    }
  }

  /** True for the gradient that a large ReLU mask is applied to: the library does that faster. */
  private boolean isMasked(Node product, int in) {
    boolean large =
        product.op() instanceof Primitive.Binary b
            && b.function() == BinaryFunction.MUL
            && product.type().element() == ElementType.FLOAT32
            && product.shape().size() >= MANY;
    return large
        && product.inputs().stream()
            .anyMatch(other -> other != in && isIndicator(graph.node(other)));
  }

  /** True if a convolution or a pooling reads the node's value. */
  boolean feedsWindows(Node node) {
    return node.type().element() == ElementType.FLOAT32
        && users.get(node.id()).stream()
            .filter(u -> u >= 0)
            .anyMatch(u -> readsWindows(graph.node(u).op()));
  }

  private static boolean readsWindows(Op op) {
    return op instanceof Primitive.Conv
        || op instanceof Composite.MaxPool
        || op instanceof Composite.AveragePool;
  }

  /** True for 1 where a tensor is positive, else 0. */
  boolean isIndicator(Node node) {
    return node.op() instanceof Primitive.Cast
        && MaskFromOutput.isPositive(graph, graph.node(node.inputs().get(0)));
  }

  private boolean isOnlyUser(int id, int user) {
    return users.get(id).stream().allMatch(u -> u == user);
  }
}
