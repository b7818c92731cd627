package wherefore.benchmarks.torch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.Window;

/**
 * A graph as calls of libtorch's operators, as PyTorch's library of models makes them: ReLUs in
 * place, residual sums in place, an intermediate result let go as soon as nothing needs it.
 */
final class TorchNetwork {
  /** From the operands, of which constants are null, to the result. */
  @FunctionalInterface
  private interface Operator {
    Tensor apply(Tensor first, @Nullable Tensor second);
  }

  /** A layer with weights, as a function of its input, its weights and its bias. */
  @FunctionalInterface
  interface Affine {
    Tensor apply(Tensor x, Tensor w, TensorOptional bias);
  }

  /** A layer with weights, in place of which something else is computed. */
  @FunctionalInterface
  interface Replacement {
    Tensor apply(Affine layer, Tensor x, Tensor w, TensorOptional bias);
  }

  private record Step(int result, List<Integer> operands, List<Integer> dead, Operator operator) {}

  private final Graph graph;
  private final Order order;
  private final @Nullable UnaryOperator<Tensor> rectifier;
  private final Replacement convolution;
  private final Replacement linear;
  private final List<List<Integer>> users;
  private final List<Step> steps = new ArrayList<>();
  private final Map<Integer, Tensor> weights = new HashMap<>();
  private final int input;
  private final int output;

  TorchNetwork(Graph graph, Order order) {
    this(graph, order, null, Affine::apply, Affine::apply);
  }

  /**
   * @param rectifier in place of ReLUs
   */
  TorchNetwork(Graph graph, Order order, UnaryOperator<Tensor> rectifier) {
    this(graph, order, rectifier, Affine::apply, Affine::apply);
  }

  /**
   * @param convolution in place of convolutions
   * @param linear in place of dense layers
   */
  TorchNetwork(Graph graph, Order order, Replacement convolution, Replacement linear) {
    this(graph, order, null, convolution, linear);
  }

  private TorchNetwork(
      Graph graph,
      Order order,
      @Nullable UnaryOperator<Tensor> rectifier,
      Replacement convolution,
      Replacement linear) {
    this.graph = graph;
    this.order = order;
    this.rectifier = rectifier;
    this.convolution = convolution;
    this.linear = linear;
    this.users = graph.users();
    this.input =
        graph.nodes().stream()
            .filter(n -> n.op() instanceof Leaf.Input)
            .findFirst()
            .orElseThrow()
            .id();
    this.output = graph.outputs().firstEntry().getValue();
    for (Node node : graph.nodes()) {
      switch (node.op()) {
        case Leaf.Input i -> {}
        case Leaf.Constant c -> weights.put(node.id(), order.of(Tensors.of(c.value())));
        default -> steps.add(step(node));
      }
    }
  }

  /** The output; the caller closes it. What is computed is recorded if x requires gradients. */
  Tensor forward(Tensor x) {
    return forward(x, -1, t -> t);
  }

  /** As {@link #forward(Tensor)}, and what a node yields is handed through a function. */
  Tensor forward(Tensor x, int tapped, UnaryOperator<Tensor> tap) {
    @Nullable Tensor[] values = new Tensor[graph.nodes().size()];
    values[input] = x;
    for (Step step : steps) {
      Tensor first = Objects.requireNonNull(values[step.operands().get(0)]);
      @Nullable Tensor second = step.operands().size() > 1 ? values[step.operands().get(1)] : null;
      Tensor computed = step.operator().apply(first, second);
      Tensor result = step.result() == tapped ? tap.apply(computed) : computed;
      values[step.result()] = result;
      step.dead().forEach(id -> drop(values, id, result));
    }
    return Objects.requireNonNull(values[output]);
  }

  /** What works in place yields its operand. */
  private static void drop(@Nullable Tensor[] values, int id, Tensor result) {
    Tensor dead = Objects.requireNonNull(values[id]);
    if (dead != result) {
      dead.close();
    }
    values[id] = null;
  }

  private static Tensor rectified(Tensor x) {
    torch.relu_(x);
    return x;
  }

  private static Tensor added(Tensor x, @Nullable Tensor y) {
    x.add_(Objects.requireNonNull(y));
    return x;
  }

  private Step step(Node node) {
    List<Integer> computed =
        node.inputs().stream().filter(i -> !(graph.node(i).op() instanceof Leaf.Constant)).toList();
    List<Integer> dead =
        computed.stream().distinct().filter(i -> i != input && last(i) == node.id()).toList();
    return new Step(node.id(), computed, dead, operator(node));
  }

  private int last(int id) {
    return users.get(id).stream().mapToInt(Integer::intValue).max().orElse(-1);
  }

  /** An operand may be overwritten if it has no other user and its own derivative needs it not. */
  private boolean isFree(Node node, int place) {
    int id = node.inputs().get(place);
    return id != input
        && users.get(id).size() == 1
        && !(graph.node(id).op() instanceof Composite.Relu);
  }

  private Operator operator(Node node) {
    return switch (node.op()) {
      case Primitive.Conv c -> convolution(node, c);
      case Composite.BatchNormalization n -> normalization(node, n);
      case Composite.Relu r -> rectification(node);
      case Composite.MaxPool p -> maxPool(p.window());
      case Composite.Gemm g -> linear(node, g);
      case Composite.ReduceMean m -> (x, none) -> torch.adaptive_avg_pool2d(x, 1, 1);
      case Primitive.Reshape r -> (x, none) -> x.flatten(1, -1);
      case Primitive.Binary b -> sum(node, b.function());
      default -> throw new IllegalArgumentException("libtorch: not written for " + node.describe());
    };
  }

  private Operator rectification(Node node) {
    UnaryOperator<Tensor> other = rectifier;
    if (other != null) {
      return (x, none) -> other.apply(x);
    }
    return isFree(node, 0) ? (x, none) -> rectified(x) : (x, none) -> torch.relu(x);
  }

  private Operator sum(Node node, BinaryFunction function) {
    if (function != BinaryFunction.ADD) {
      throw new IllegalArgumentException("libtorch: not written for " + node.describe());
    }
    return isFree(node, 0) ? TorchNetwork::added : (x, y) -> x.add(Objects.requireNonNull(y));
  }

  private TensorOptional weight(Node node, int place) {
    Tensor weight = node.inputs().size() > place ? weights.get(node.inputs().get(place)) : null;
    return weight == null ? new TensorOptional() : new TensorOptional(weight);
  }

  private Tensor required(Node node, int place) {
    return Objects.requireNonNull(weights.get(node.inputs().get(place)), node::describe);
  }

  private Operator convolution(Node node, Primitive.Conv c) {
    Tensor w = required(node, 1);
    TensorOptional bias = weight(node, 2);
    Window window = c.window();
    long[] strides = longs(window.strides());
    long[] pads = longs(window.padBegin());
    long[] dilations = longs(window.dilations());
    Affine layer = (x, v, b) -> torch.conv2d(x, v, b, strides, pads, dilations, c.group());
    return (x, none) -> convolution.apply(layer, x, w, bias);
  }

  private Operator normalization(Node node, Composite.BatchNormalization n) {
    TensorOptional scale = weight(node, 1);
    TensorOptional bias = weight(node, 2);
    TensorOptional mean = weight(node, 3);
    TensorOptional variance = weight(node, 4);
    return (x, none) ->
        torch.batch_norm(x, scale, bias, mean, variance, false, 0.1, n.epsilon(), true);
  }

  private static Operator maxPool(Window w) {
    long[] kernel = longs(w.kernel());
    long[] strides = longs(w.strides());
    long[] pads = longs(w.padBegin());
    long[] dilations = longs(w.dilations());
    return (x, none) -> torch.max_pool2d(x, kernel, strides, pads, dilations, false);
  }

  private Operator linear(Node node, Composite.Gemm g) {
    if (!g.transposeB() || g.transposeA()) {
      throw new IllegalArgumentException("libtorch: not written for " + node.describe());
    }
    Tensor w = required(node, 1);
    TensorOptional bias = weight(node, 2);
    return (x, none) -> linear.apply(torch::linear, x, w, bias);
  }

  private static long[] longs(List<Integer> values) {
    return values.stream().mapToLong(Integer::longValue).toArray();
  }

  /** In the order that this network works in. */
  Tensor ordered(Tensor tensor) {
    return order.of(tensor);
  }
}
