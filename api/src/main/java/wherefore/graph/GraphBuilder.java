package wherefore.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Makes a {@link Graph}. Each method appends a node and returns its value; a node that is there
 * already (same operator, operands and origin) is given again instead.
 *
 * <p>The methods named after element-wise functions stretch their operands to a common shape, as
 * NumPy and ONNX do, by explicit {@link Primitive.Expand} nodes. A builder belongs to one thread.
 */
public final class GraphBuilder {
  private record Key(Op op, List<Integer> inputs, String origin) {}

  private static final int SMALL = 64;

  private final List<Node> nodes = new ArrayList<>();
  private final SequencedMap<String, Integer> outputs = new LinkedHashMap<>();
  private final Map<Key, Value> known = new HashMap<>();
  private final Map<Tensor, Value> constants = new IdentityHashMap<>();
  private String origin = "";

  /** From here on, nodes bear this origin; empty for none. */
  public GraphBuilder at(String layer) {
    origin = layer;
    return this;
  }

  /** The origin that nodes bear now. */
  public String origin() {
    return origin;
  }

  /** The values so far, in order. */
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** The value of the node of this builder that has an id. */
  public Value value(int id) {
    return new Value(this, nodes.get(id));
  }

  /** A value that is fed at each run. */
  public Value input(String name, ElementType element, Shape shape) {
    return apply(new Leaf.Input(name, new TensorType(element, shape)));
  }

  /**
   * A value that is the same at each run. The same tensor, or an equal small one, gives the same
   * value.
   */
  public Value constant(Tensor tensor) {
    if (tensor.size() <= SMALL) {
      return small(tensor);
    }
    Value value = constants.get(tensor);
    if (value == null) {
      value = append(new Leaf.Constant(tensor), List.of());
      constants.put(tensor, value);
    }
    return value;
  }

  private Value small(Tensor tensor) {
    Leaf.Constant constant = new Leaf.Constant(tensor);
    return known.computeIfAbsent(
        new Key(constant, List.of(), ""), k -> append(constant, List.of()));
  }

  /** A number of rank 0, with the element type of another value. */
  public Value number(double value, Value like) {
    return small(Tensor.scalar(value).to(like.element()));
  }

  /**
   * The operator applied to operands.
   *
   * @throws GraphException if it can't be; the message says why
   */
  public Value apply(Op op, Value... operands) {
    return apply(op, Arrays.asList(operands));
  }

  /** As {@link #apply(Op, Value...)}. */
  public Value apply(Op op, List<Value> operands) {
    if (op instanceof Leaf.Constant constant) {
      return constant(constant.value());
    }
    for (Value operand : operands) {
      if (operand.builder() != this) {
        throw new GraphException(op.name() + ": an operand belongs to another graph: " + operand);
      }
    }
    Key key = new Key(op, operands.stream().map(Value::id).toList(), origin);
    Value value = known.get(key);
    if (value == null) {
      value = append(op, operands);
      known.put(key, value);
    }
    return value;
  }

  private Value append(Op op, List<Value> operands) {
    TensorType type = infer(op, operands);
    List<Integer> inputs = operands.stream().map(Value::id).toList();
    Node node = new Node(nodes.size(), op, inputs, type, origin);
    nodes.add(node);
    return new Value(this, node);
  }

  private TensorType infer(Op op, List<Value> operands) {
    try {
      return Inference.type(op, operands.stream().map(Value::type).toList());
    } catch (GraphException e) {
      throw located(e);
    }
  }

  private GraphException located(GraphException e) {
    return origin.isEmpty() ? e : new GraphException(origin + ": " + e.getMessage(), e);
  }

  /** The shape that operands are stretched to. */
  private Shape common(Op op, Value... operands) {
    try {
      return Arrays.stream(operands).map(Value::shape).reduce(Shape.SCALAR, Shape::broadcast);
    } catch (IllegalArgumentException e) {
      List<TensorType> types = Arrays.stream(operands).map(Value::type).toList();
      throw located(new GraphException(op.name() + " of " + types + ": " + e.getMessage(), e));
    }
  }

  /** Names a result. */
  public GraphBuilder output(String name, Value value) {
    outputs.put(name, value.id());
    return this;
  }

  /** The graph so far. */
  public Graph build() {
    return new Graph(nodes, outputs);
  }

  /**
   * Copies a graph into this one.
   *
   * @param graph what to copy
   * @param bound values that take the place of the graph's nodes, by id (inputs', or any layer's);
   *     inputs not bound become inputs here. Nodes that no output needs any more are not copied
   * @return where the copied and bound nodes are here
   */
  public Inlined inline(Graph graph, Map<Integer, Value> bound) {
    return Inlining.inline(this, graph, bound);
  }

  // --- element by element, operands stretched -------------------------------------------------

  /** f(x). */
  public Value unary(UnaryFunction function, Value x) {
    return apply(new Primitive.Unary(function), x);
  }

  /** f(a, b), stretched. */
  public Value binary(BinaryFunction function, Value a, Value b) {
    Primitive op = new Primitive.Binary(function);
    Shape shape = common(op, a, b);
    return apply(op, expand(a, shape), expand(b, shape));
  }

  /** f(a, b) with a number. */
  public Value binary(BinaryFunction function, Value a, double b) {
    return binary(function, a, number(b, a));
  }

  /** a + b. */
  public Value add(Value a, Value b) {
    return binary(BinaryFunction.ADD, a, b);
  }

  /** a − b. */
  public Value sub(Value a, Value b) {
    return binary(BinaryFunction.SUB, a, b);
  }

  /** a · b, element by element. */
  public Value mul(Value a, Value b) {
    return binary(BinaryFunction.MUL, a, b);
  }

  /** a / b. */
  public Value div(Value a, Value b) {
    return binary(BinaryFunction.DIV, a, b);
  }

  /** a + b with a number. */
  public Value add(Value a, double b) {
    return binary(BinaryFunction.ADD, a, b);
  }

  /** a · b with a number. */
  public Value mul(Value a, double b) {
    return binary(BinaryFunction.MUL, a, b);
  }

  /** −x. */
  public Value neg(Value x) {
    return unary(UnaryFunction.NEG, x);
  }

  /** Whether a relation holds, stretched. */
  public Value compare(Comparison relation, Value a, Value b) {
    Primitive op = new Primitive.Compare(relation);
    Shape shape = common(op, a, b);
    return apply(op, expand(a, shape), expand(b, shape));
  }

  /** a where the condition holds, else b; stretched. */
  public Value where(Value condition, Value a, Value b) {
    Primitive op = new Primitive.Where();
    Shape shape = common(op, condition, a, b);
    return apply(op, expand(condition, shape), expand(a, shape), expand(b, shape));
  }

  /** The elements converted. */
  public Value cast(Value x, ElementType to) {
    return x.element() == to ? x : apply(new Primitive.Cast(to), x);
  }

  // --- form -----------------------------------------------------------------------------------

  /** The same elements under another shape. */
  public Value reshape(Value x, Shape shape) {
    return x.shape().equals(shape) ? x : apply(new Primitive.Reshape(shape), x);
  }

  /** x repeated up to a shape that it broadcasts to; missing outer axes are added. */
  public Value expand(Value x, Shape shape) {
    if (x.shape().equals(shape)) {
      return x;
    }
    int missing = shape.rank() - x.shape().rank();
    if (missing < 0) {
      throw new GraphException("expand of " + x.type() + " to " + shape + ": has fewer axes");
    }
    int[] ones = new int[missing];
    Arrays.fill(ones, 1);
    Value ranked = reshape(x, Shape.of(ones).concat(x.shape()));
    return ranked.shape().equals(shape) ? ranked : apply(new Primitive.Expand(shape), ranked);
  }

  /** Axes in another order. */
  public Value transpose(Value x, List<Integer> permutation) {
    boolean identity =
        IntStream.range(0, permutation.size()).allMatch(i -> permutation.get(i) == i);
    return identity && permutation.size() == x.shape().rank()
        ? x
        : apply(new Primitive.Transpose(permutation), x);
  }

  /** The part of an axis from start (included) to end (excluded). */
  public Value slice(Value x, int axis, int start, int end) {
    int along = x.shape().axis(axis);
    if (start == 0 && end == x.shape().dim(along)) {
      return x;
    }
    List<Integer> starts = filled(x.shape().rank(), 0);
    List<Integer> ends = new ArrayList<>(Arrays.stream(x.shape().dims()).boxed().toList());
    starts.set(along, start);
    ends.set(along, end);
    return apply(new Primitive.Slice(starts, ends, filled(x.shape().rank(), 1)), x);
  }

  /** Operands one behind the other along an axis. */
  public Value concat(int axis, List<Value> parts) {
    int along = parts.get(0).shape().axis(axis);
    return parts.size() == 1 ? parts.get(0) : apply(new Primitive.Concat(along), parts);
  }

  /** Zeros around an operand, an entry an axis. */
  public Value pad(Value x, List<Integer> before, List<Integer> after, double value) {
    boolean none = before.stream().allMatch(p -> p == 0) && after.stream().allMatch(p -> p == 0);
    return none ? x : apply(new Primitive.Pad(before, after, filled(before.size(), 0), value), x);
  }

  private static List<Integer> filled(int length, int value) {
    return new ArrayList<>(Collections.nCopies(length, value));
  }

  // --- reductions and products ----------------------------------------------------------------

  /** The sum over axes, which stay with extent 1. */
  public Value sum(Value x, List<Integer> axes) {
    List<Integer> wide = axes.stream().map(a -> x.shape().axis(a)).sorted().toList();
    return wide.isEmpty() ? x : apply(new Primitive.ReduceSum(wide), x);
  }

  /** The maximum over axes, which stay with extent 1. */
  public Value max(Value x, List<Integer> axes) {
    Value result = x;
    for (int axis : axes.stream().map(a -> x.shape().axis(a)).sorted().toList().reversed()) {
      result = apply(new Primitive.ReduceMax(axis), result);
    }
    return result;
  }

  /**
   * NumPy's and ONNX's matrix product: outer axes are stretched, a vector on the left is a row, on
   * the right a column, and loses that axis again.
   */
  public Value matMul(Value a, Value b) {
    return Inlining.matMul(this, a, b);
  }
}
