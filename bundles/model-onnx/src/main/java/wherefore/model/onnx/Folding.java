package wherefore.model.onnx;

import java.lang.ref.SoftReference;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import wherefore.graph.Graph;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.Prune;
import wherefore.graph.Value;
import wherefore.tensor.Tensor;

/**
 * Replaces what depends on no input by constants, and drops what no output needs.
 *
 * <pre>
 * %0 = constant, %1 = constant
 * %2 = mul(%0, %1)              →    %0 = constant
 * </pre>
 *
 * <p>A constant that is merely stretched to meet another operand stays stretched: it would only
 * take memory. One instance serves all graphs of a model, so that they share large results.
 */
final class Folding {
  /** So many bytes may be computed, */
  private static final long FREE = 64L << 20;

  /** and so many times what the file itself has: a small file makes no large model. */
  private static final long TIMES = 4;

  /** Results at least this large are shared. */
  private static final int SHARED = 1 << 12;

  private record Key(Op op, List<Object> inputs) {}

  private record Same(Tensor tensor) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Same same && same.tensor == tensor;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(tensor);
    }
  }

  private final Map<Key, SoftReference<Tensor>> shared = new HashMap<>();

  /**
   * @param filled the ids of the stretched constants that are weights in their own right
   */
  Graph apply(Graph graph, Set<Integer> filled) {
    return new Pass(this, graph, filled).run();
  }

  private synchronized Tensor evaluate(Node node, List<Tensor> in) {
    if (node.shape().size() < SHARED) {
      return HostEvaluator.evaluate(node.op(), in, node.type());
    }
    Key key = new Key(node.op(), in.stream().<Object>map(t -> leaf(t)).toList());
    SoftReference<Tensor> reference = shared.get(key);
    Tensor known = reference == null ? null : reference.get();
    if (known == null) {
      known = HostEvaluator.evaluate(node.op(), in, node.type());
      shared.put(key, new SoftReference<>(known));
    }
    return known;
  }

  /** Small tensors are the same if equal: each graph makes its own scalars. */
  private static Object leaf(Tensor tensor) {
    return tensor.size() <= 16 ? tensor : new Same(tensor);
  }

  /** One graph on its way. */
  private static final class Pass {
    private final Folding folding;
    private final Graph graph;
    private final Set<Integer> filled;
    private final boolean[] constant;
    private final Map<Integer, Tensor> known = new HashMap<>();
    private final GraphBuilder b = new GraphBuilder();
    private long budget;

    Pass(Folding folding, Graph graph, Set<Integer> filled) {
      this.folding = folding;
      this.graph = graph;
      this.filled = filled;
      this.constant = new boolean[graph.nodes().size()];
      this.budget = FREE + TIMES * weights(graph);
    }

    private static long weights(Graph graph) {
      return graph.nodes().stream()
          .filter(n -> n.op() instanceof Leaf.Constant)
          .mapToLong(n -> n.type().bytes())
          .sum();
    }

    Graph run() {
      boolean[] needed = needed();
      Value[] values = new Value[graph.nodes().size()];
      for (Node node : graph.nodes()) {
        if (needed[node.id()]) {
          constant[node.id()] = isConstant(node);
          values[node.id()] = copy(node, values);
        }
      }
      graph.outputs().forEach((name, id) -> b.output(name, values[id]));
      return new Prune().apply(b.build());
    }

    private boolean[] needed() {
      boolean[] needed = new boolean[graph.nodes().size()];
      graph.outputs().values().forEach(id -> needed[id] = true);
      for (Node node : graph.nodes().reversed()) {
        if (needed[node.id()]) {
          node.inputs().forEach(in -> needed[in] = true);
        }
      }
      return needed;
    }

    private boolean isConstant(Node node) {
      return node.op() instanceof Leaf.Constant
          || (HostEvaluator.supports(node.op())
              && node.inputs().stream().allMatch(in -> constant[in]));
    }

    private Value copy(Node node, Value[] values) {
      boolean stretched = node.op() instanceof Primitive.Expand && !filled.contains(node.id());
      if (!constant[node.id()] || stretched || !affordable(node)) {
        constant[node.id()] &= stretched;
        List<Value> in = node.inputs().stream().map(i -> values[i]).toList();
        return b.at(node.origin()).apply(node.op(), in);
      }
      return b.at("").constant(value(node));
    }

    private boolean affordable(Node node) {
      if (node.op() instanceof Leaf.Constant) {
        return true;
      }
      budget -= node.type().bytes();
      return budget >= 0;
    }

    private Tensor value(Node node) {
      if (node.op() instanceof Leaf.Constant leaf) {
        return leaf.value();
      }
      Tensor ready = known.get(node.id());
      if (ready == null) {
        List<Tensor> in =
            IntStream.range(0, node.inputs().size())
                .mapToObj(i -> value(graph.node(node.inputs().get(i))))
                .toList();
        ready = folding.evaluate(node, in);
        known.put(node.id(), ready);
      }
      return ready;
    }
  }
}
