package wherefore.method.lrp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Node;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/**
 * The linear layers of a network under construction, found once before the walk.
 *
 * <p>A batch normalisation or a constant addend right behind a linear operator belongs to it; a
 * batch normalisation right in front of one, too, where it has none behind it. Relevance passes
 * through what belongs to another layer.
 */
final class Layers {
  private final GraphBuilder b;
  private final int end;
  private final boolean[] leads;
  private final List<List<Integer>> users = new ArrayList<>();
  private final Map<Integer, Linear> linear = new HashMap<>();
  private final Set<Integer> passes = new HashSet<>();
  private final Set<Integer> first = new HashSet<>();

  /**
   * @param b holds the network so far
   * @param variables what relevance is asked for
   */
  Layers(GraphBuilder b, List<Value> variables) {
    this.b = b;
    this.end = b.nodes().size();
    this.leads = new boolean[end];
    variables.forEach(v -> leads[v.id()] = true);
    for (int id = 0; id < end; id++) {
      users.add(new ArrayList<>());
      for (int in : b.nodes().get(id).inputs()) {
        leads[id] |= leads[in];
        users.get(in).add(id);
      }
    }
    Set<Integer> asked = new HashSet<>();
    variables.forEach(v -> asked.add(v.id()));
    for (int id = 0; id < end; id++) {
      if (leads[id] && !asked.contains(id) && !passes.contains(id)) {
        Optional<Linear> found = find(b.nodes().get(id), asked);
        if (found.isPresent()) {
          linear.put(id, found.get());
        }
      }
    }
    findFirst(asked);
  }

  /** The linear layer that a node is the operator of. */
  Optional<Linear> linear(Node node) {
    return Optional.ofNullable(linear.get(node.id()));
  }

  /** True if a node belongs to a linear layer beside it. */
  boolean passes(Node node) {
    return passes.contains(node.id());
  }

  /** True for a linear layer that no other one comes before. */
  boolean isFirst(Node node) {
    return first.contains(node.id());
  }

  private void findFirst(Set<Integer> asked) {
    boolean[] behind = new boolean[end];
    for (int id = 0; id < end; id++) {
      boolean after = false;
      for (int in : b.nodes().get(id).inputs()) {
        after |= leads[in] && behind[in];
      }
      if (linear.containsKey(id) && !after) {
        first.add(id);
      }
      behind[id] = (after || linear.containsKey(id)) && !asked.contains(id);
    }
  }

  private Optional<Linear> find(Node node, Set<Integer> asked) {
    return switch (node.op()) {
      case Primitive.Conv c -> weighted(node, c, 0, Axes.of(node, 0, c.group() == 1 ? 1 : -1));
      case Primitive.ConvTranspose c ->
          weighted(node, c, 0, c.group() == 1 ? Axes.of(node, 1, 0) : Axes.NONE);
      case Composite.Gemm g -> gemm(node, g);
      case Primitive.MatMul m -> matMul(node, m);
      case Composite.BatchNormalization n ->
          isBefore(node, asked) ? Optional.empty() : Optional.of(scale(node, n));
      default -> Optional.empty();
    };
  }

  /** Axes of the weights that outputs and inputs are counted by; −1 where there are none. */
  private record Axes(int rank, int outputs, int inputs, int behind) {
    static final Axes NONE = new Axes(0, -1, -1, 0);

    static Axes of(Node node, int outputs, int inputs) {
      int rank = node.shape().rank();
      return new Axes(rank, outputs, inputs, rank - 2);
    }
  }

  private Axes matrix(Node node, boolean transposed) {
    Shape w = b.value(node.inputs().get(1)).shape();
    return w.rank() == 2 ? new Axes(2, transposed ? 0 : 1, transposed ? 1 : 0, 0) : Axes.NONE;
  }

  private Optional<Linear> weighted(Node node, Op op, int data, Axes axes) {
    int weights = node.inputs().get(1 - data);
    if (leads[weights] || !leads[node.inputs().get(data)]) {
      return Optional.empty();
    }
    Linear.Form form = data == 0 ? (g, x, w) -> g.apply(op, x, w) : (g, x, w) -> g.apply(op, w, x);
    Optional<Value> bias = Optional.empty();
    if (node.inputs().size() == 3) {
      bias = Optional.of(channels(b.value(node.inputs().get(2)), node.shape().rank() - 2));
    }
    Value x = b.value(node.inputs().get(data));
    return Optional.of(
        merged(new Linear(form, x, b.value(weights), bias, b.value(node.id())), axes));
  }

  private Optional<Linear> matMul(Node node, Primitive.MatMul m) {
    Optional<Linear> right = weighted(node, m, 0, matrix(node, m.transposeB()));
    return right.isPresent() ? right : weighted(node, m, 1, Axes.NONE);
  }

  private Optional<Linear> gemm(Node node, Composite.Gemm g) {
    if (leads[node.inputs().get(1)]) {
      return Optional.empty();
    }
    Composite.Gemm plain = new Composite.Gemm(1, 1, g.transposeA(), g.transposeB());
    Value w = scaled(b.value(node.inputs().get(1)), g.alpha());
    Optional<Value> bias = Optional.empty();
    if (node.inputs().size() == 3) {
      if (leads[node.inputs().get(2)]) {
        return Optional.empty();
      }
      bias = Optional.of(scaled(b.value(node.inputs().get(2)), g.beta()));
    }
    Value x = b.value(node.inputs().get(0));
    Linear layer = new Linear((q, in, u) -> q.apply(plain, in, u), x, w, bias, b.value(node.id()));
    return Optional.of(merged(layer, matrix(node, g.transposeB())));
  }

  private Value scaled(Value v, double factor) {
    return factor == 1 ? v : b.mul(v, factor);
  }

  /** A vector over channels with so many axes of extent 1 behind. */
  private Value channels(Value vector, int behind) {
    int[] ones = new int[behind];
    Arrays.fill(ones, 1);
    return b.reshape(vector, vector.shape().concat(Shape.of(ones)));
  }

  private Linear scale(Node node, Composite.BatchNormalization n) {
    int behind = node.shape().rank() - 2;
    Value factor = channels(factor(node, n), behind);
    Value shift = channels(shift(node, n), behind);
    return new Linear(
        (g, x, w) -> g.mul(x, w),
        b.value(node.inputs().get(0)),
        factor,
        Optional.of(shift),
        b.value(node.id()));
  }

  /** scale / √(variance + ε). */
  private Value factor(Node node, Composite.BatchNormalization n) {
    Value root = b.unary(UnaryFunction.SQRT, b.add(b.value(node.inputs().get(4)), n.epsilon()));
    return b.div(b.value(node.inputs().get(1)), root);
  }

  /** bias − mean · factor. */
  private Value shift(Node node, Composite.BatchNormalization n) {
    Value mean = b.value(node.inputs().get(3));
    return b.sub(b.value(node.inputs().get(2)), b.mul(mean, factor(node, n)));
  }

  /** With what stands right behind it, or else with the normalisation right in front of it. */
  private Linear merged(Linear layer, Axes axes) {
    Linear current = layer;
    boolean normalized = false;
    for (Optional<Node> next = only(current.z()); next.isPresent(); next = only(current.z())) {
      Node node = next.get();
      Optional<Linear> more = behind(current, node, axes);
      if (more.isEmpty()) {
        break;
      }
      normalized |= node.op() instanceof Composite.BatchNormalization;
      passes.add(node.id());
      current = more.get();
    }
    return normalized ? current : inFront(current, axes);
  }

  /** The one user of a value. */
  private Optional<Node> only(Value value) {
    List<Integer> all = users.get(value.id());
    return all.size() == 1 ? Optional.of(b.nodes().get(all.get(0))) : Optional.empty();
  }

  private Optional<Linear> behind(Linear layer, Node next, Axes axes) {
    Value z = b.value(next.id());
    if (next.op() instanceof Primitive.Binary f && f.function() == BinaryFunction.ADD) {
      int other = next.inputs().get(next.inputs().get(0) == layer.z().id() ? 1 : 0);
      if (leads[other]) {
        return Optional.empty();
      }
      Value addend = b.value(other);
      Value bias = layer.bias().map(c -> b.add(c, addend)).orElse(addend);
      return Optional.of(new Linear(layer.form(), layer.x(), layer.w(), Optional.of(bias), z));
    }
    if (next.op() instanceof Composite.BatchNormalization n && axes.outputs() >= 0) {
      Value factor = factor(next, n);
      Value shift = channels(shift(next, n), axes.behind());
      Value k = channels(factor, axes.behind());
      Value bias = layer.bias().map(c -> b.add(b.mul(c, k), shift)).orElse(shift);
      Value w = b.mul(layer.w(), along(factor, axes.rank(), axes.outputs()));
      return Optional.of(new Linear(layer.form(), layer.x(), w, Optional.of(bias), z));
    }
    return Optional.empty();
  }

  private Linear inFront(Linear layer, Axes axes) {
    Node before = layer.x().node();
    if (!(before.op() instanceof Composite.BatchNormalization n)
        || axes.inputs() < 0
        || passes.contains(before.id())
        || linear.containsKey(before.id())
        || only(layer.x()).isEmpty()) {
      return layer;
    }
    Value x = b.value(before.inputs().get(0));
    Value shift = channels(shift(before, n), axes.behind());
    Value one = b.expand(shift, x.shape().with(0, 1));
    Value constant = layer.form().product(b, one, layer.w());
    Value bias = layer.bias().map(c -> b.add(c, constant)).orElse(constant);
    Value w = b.mul(layer.w(), along(factor(before, n), axes.rank(), axes.inputs()));
    passes.add(before.id());
    return new Linear(layer.form(), x, w, Optional.of(bias), layer.z());
  }

  private Value along(Value vector, int rank, int axis) {
    int[] dims = new int[rank];
    Arrays.fill(dims, 1);
    dims[axis] = vector.shape().dim(0);
    return b.reshape(vector, Shape.of(dims));
  }

  /** True for a normalisation that the linear operator behind it will take. */
  private boolean isBefore(Node node, Set<Integer> asked) {
    Optional<Node> next = asked.contains(node.id()) ? Optional.empty() : only(b.value(node.id()));
    return next.isPresent()
        && next.get().inputs().get(0) == node.id()
        && takes(next.get())
        && !isTakenByAnother(next.get());
  }

  private boolean takes(Node next) {
    return switch (next.op()) {
      case Primitive.Conv c -> c.group() == 1 && !leads[next.inputs().get(1)];
      case Composite.Gemm g -> !g.transposeA() && !leads[next.inputs().get(1)];
      case Primitive.MatMul m ->
          !m.transposeA()
              && !leads[next.inputs().get(1)]
              && b.value(next.inputs().get(1)).shape().rank() == 2;
      default -> false;
    };
  }

  /** True if the operator has a normalisation behind it, which comes first. */
  private boolean isTakenByAnother(Node next) {
    Optional<Node> after = only(b.value(next.id()));
    return after.isPresent() && after.get().op() instanceof Composite.BatchNormalization;
  }
}
