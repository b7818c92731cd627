package wherefore.method.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/**
 * The bias terms of a function, found by data flow: what does not depend on the variables and is
 * added to what does.
 *
 * <p>These are operands of sums and differences, the biases of convolutions, of {@link
 * Composite.Gemm} and of normalisations (of a batch normalisation what it adds altogether), and
 * what is joined to values that depend on the variables, such as the token of a class. A single
 * number is one only behind a matrix product or a convolution: elsewhere it belongs to a formula,
 * as the 1 of a GELU and the ε of a normalisation that are written out.
 */
final class Addends {
  /**
   * A bias term.
   *
   * @param sum where it is added
   * @param added what is added there, of the same shape
   */
  record Addend(Value sum, Value added) {}

  private final GraphBuilder b;
  private final BitSet varies = new BitSet();

  private Addends(GraphBuilder b) {
    this.b = b;
  }

  /**
   * The bias terms between variables and a result, in order; what they add is appended to the
   * graph.
   *
   * @param variables what varies
   */
  static List<Addend> of(GraphBuilder b, Collection<Value> variables, Value result) {
    return new Addends(b).find(variables, result);
  }

  private List<Addend> find(Collection<Value> variables, Value result) {
    variables.forEach(v -> varies.set(v.id()));
    BitSet needed = needed(result);
    List<Addend> found = new ArrayList<>();
    for (int id = 0; id <= result.id(); id++) {
      Value value = b.value(id);
      boolean follows = value.node().inputs().stream().anyMatch(varies::get);
      if (follows) {
        varies.set(id);
      }
      if (follows && needed.get(id) && value.element().isFloating()) {
        added(value).ifPresent(a -> found.add(new Addend(value, a)));
      }
    }
    return found;
  }

  private BitSet needed(Value result) {
    BitSet needed = new BitSet();
    needed.set(result.id());
    for (int id = result.id(); id >= 0; id--) {
      if (needed.get(id)) {
        b.value(id).node().inputs().forEach(needed::set);
      }
    }
    return needed;
  }

  private Optional<Value> added(Value sum) {
    Node node = sum.node();
    return switch (node.op()) {
      case Primitive.Binary f -> operand(sum, f.function());
      case Primitive.Where w -> where(sum);
      case Primitive.Concat c -> joined(sum, c.axis());
      case Primitive.Conv c -> bias(node, 2).map(v -> byChannel(v, sum.shape()));
      case Primitive.ConvTranspose c -> bias(node, 2).map(v -> byChannel(v, sum.shape()));
      case Composite.Gemm g -> bias(node, 2).map(v -> b.expand(b.mul(v, g.beta()), sum.shape()));
      case Composite.BatchNormalization n -> Optional.of(byChannel(shift(node, n), sum.shape()));
      case Composite.InstanceNormalization n -> bias(node, 2).map(v -> byChannel(v, sum.shape()));
      case Composite.GroupNormalization n -> bias(node, 2).map(v -> byChannel(v, sum.shape()));
      case Composite.LayerNormalization n -> bias(node, 2).map(v -> b.expand(v, sum.shape()));
      default -> Optional.empty();
    };
  }

  /** The operand at a place, if it is there and does not vary. */
  private Optional<Value> bias(Node node, int place) {
    return place < node.inputs().size() && !varies.get(node.inputs().get(place))
        ? Optional.of(b.value(node.inputs().get(place)))
        : Optional.empty();
  }

  private Optional<Value> operand(Value sum, BinaryFunction function) {
    if (function != BinaryFunction.ADD && function != BinaryFunction.SUB) {
      return Optional.empty();
    }
    int place = varies.get(sum.node().inputs().get(0)) ? 1 : 0;
    Value other = b.value(sum.node().inputs().get(1 - place));
    return bias(sum.node(), place)
        .filter(v -> !isNumber(v) || isProduct(other))
        .map(v -> place == 1 && function == BinaryFunction.SUB ? b.neg(v) : v);
  }

  /** Whether one number stands everywhere. */
  private boolean isNumber(Value value) {
    Node node = value.node();
    while (isForm(node)) {
      node = b.value(node.inputs().get(0)).node();
    }
    return node.shape().size() == 1;
  }

  /** Whether a value is a matrix product or a convolution, in another form or scaled. */
  private boolean isProduct(Value value) {
    Node node = value.node();
    while (true) {
      switch (node.op()) {
        case Primitive.MatMul m -> {
          return true;
        }
        case Primitive.Conv c -> {
          return true;
        }
        case Primitive.ConvTranspose c -> {
          return true;
        }
        case Composite.Gemm g -> {
          return true;
        }
        default -> {
          Optional<Integer> scaled = isForm(node) ? Optional.of(0) : scaled(node);
          if (scaled.isEmpty()) {
            return false;
          }
          node = b.value(node.inputs().get(scaled.get())).node();
        }
      }
    }
  }

  private Optional<Integer> scaled(Node node) {
    boolean isScaling =
        node.op() instanceof Primitive.Binary f
            && (f.function() == BinaryFunction.MUL || f.function() == BinaryFunction.DIV);
    List<Integer> varying =
        isScaling ? node.inputs().stream().filter(varies::get).toList() : List.of();
    return varying.size() == 1
        ? Optional.of(node.inputs().indexOf(varying.get(0)))
        : Optional.empty();
  }

  private static boolean isForm(Node node) {
    return switch (node.op()) {
      case Primitive.Expand e -> true;
      case Primitive.Reshape r -> true;
      case Primitive.Transpose t -> true;
      case Primitive.Cast c -> true;
      default -> false;
    };
  }

  private Optional<Value> where(Value sum) {
    List<Integer> in = sum.node().inputs();
    Value yes = b.value(in.get(1));
    Value no = b.value(in.get(2));
    boolean chosen = !varies.get(in.get(1)) && !isNumber(yes);
    boolean other = !varies.get(in.get(2)) && !isNumber(no);
    return chosen || other
        ? Optional.of(
            b.where(b.value(in.get(0)), chosen ? yes : zeros(yes), other ? no : zeros(no)))
        : Optional.empty();
  }

  private Optional<Value> joined(Value sum, int axis) {
    List<Value> parts = sum.node().inputs().stream().map(b::value).toList();
    return parts.stream().allMatch(p -> varies.get(p.id()))
        ? Optional.empty()
        : Optional.of(
            b.concat(axis, parts.stream().map(p -> varies.get(p.id()) ? zeros(p) : p).toList()));
  }

  private Value zeros(Value like) {
    return b.expand(b.number(0, like), like.shape());
  }

  /** What a batch normalisation adds: bias − scale · mean / √(variance + ε). */
  private Value shift(Node node, Composite.BatchNormalization n) {
    List<Value> in = node.inputs().stream().map(b::value).toList();
    Value deviation = b.unary(UnaryFunction.SQRT, b.add(in.get(4), n.epsilon()));
    return b.sub(in.get(2), b.div(b.mul(in.get(1), in.get(3)), deviation));
  }

  /** One number a channel, in the shape [rows, channels, places…]. */
  private Value byChannel(Value each, Shape shape) {
    int[] dims = new int[shape.rank()];
    Arrays.fill(dims, 1);
    return b.expand(b.reshape(each, Shape.of(dims).with(1, shape.dim(1))), shape);
  }
}
