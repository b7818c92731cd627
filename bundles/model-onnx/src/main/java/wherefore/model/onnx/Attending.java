package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Scaled dot products of queries and keys, and positions as rotations. A query that may see no key
 * gets zeros. Definitions: ONNX's Attention and RotaryEmbedding.
 */
final class Attending {
  private final Call c;
  private final GraphBuilder b;
  private final boolean packed;
  private final Value query;
  private final Value key;
  private final Value value;

  private Attending(Call c) {
    this.c = c;
    this.b = c.b();
    this.packed = c.x().shape().rank() == 3;
    this.query = heads(c.x(), "q_num_heads");
    this.key = cached(heads(c.in(1), "kv_num_heads"), 4);
    this.value = cached(heads(c.in(2), "kv_num_heads"), 5);
  }

  static void register(Operators table) {
    table.addAll("Attention", 23, c -> new Attending(c).outputs());
    table.add("RotaryEmbedding", 23, Attending::rotated);
  }

  /** [batch, heads, time, size]. */
  private Value heads(Value x, String attribute) {
    if (x.shape().rank() != (packed ? 3 : 4)) {
      throw new GraphException("needs 3 or 4 axes of query, key and value, not " + x.shape());
    }
    return packed ? split(c, x, c.attributes().integer(attribute, 0)) : x;
  }

  /** [batch, time, heads · size] as [batch, heads, time, size]. */
  private static Value split(Call c, Value x, int heads) {
    int width = x.shape().dim(2);
    if (heads < 1 || width % heads != 0) {
      throw new GraphException("%d heads don't divide %s".formatted(heads, x.shape()));
    }
    Shape four = Shape.of(x.shape().dim(0), x.shape().dim(1), heads, width / heads);
    return c.b().transpose(c.b().reshape(x, four), List.of(0, 2, 1, 3));
  }

  private Value joined(Value x) {
    Value turned = b.transpose(x, List.of(0, 2, 1, 3));
    Shape s = turned.shape();
    return b.reshape(turned, Shape.of(s.dim(0), s.dim(1), s.dim(2) * s.dim(3)));
  }

  private Value cached(Value now, int past) {
    return c.has(past) ? b.concat(2, List.of(c.in(past), now)) : now;
  }

  private List<Value> outputs() {
    Value raw = products();
    double cap = c.attributes().number("softcap", 0);
    Value capped = cap > 0 ? b.mul(b.unary(UnaryFunction.TANH, b.mul(raw, 1 / cap)), cap) : raw;
    Value biased = masked(capped);
    Value weights = weights(biased);
    Value y = b.matMul(weights, repeated(value));
    Value seen =
        switch (c.attributes().integer("qk_matmul_output_mode", 0)) {
          case 0 -> raw;
          case 1 -> capped;
          case 2 -> biased;
          default -> weights;
        };
    return List.of(packed ? joined(y) : y, key, value, seen);
  }

  private Value products() {
    double scale = c.attributes().number("scale", 1 / Math.sqrt(Math.max(1, query.shape().dim(3))));
    Value turned = b.transpose(repeated(key), List.of(0, 1, 3, 2));
    return b.mul(b.matMul(query, turned), scale);
  }

  /** Each head of keys or values as often as there are queries for it. */
  private Value repeated(Value x) {
    int heads = x.shape().dim(1);
    int wanted = query.shape().dim(1);
    if (heads == wanted) {
      return x;
    }
    if (wanted % heads != 0) {
      throw new GraphException("%d heads of queries for %d of keys".formatted(wanted, heads));
    }
    Shape s = x.shape();
    Value column = b.reshape(x, Shape.of(s.dim(0), heads, 1, s.dim(2), s.dim(3)));
    Shape wide = Shape.of(s.dim(0), heads, wanted / heads, s.dim(2), s.dim(3));
    return b.reshape(b.expand(column, wide), s.with(1, wanted));
  }

  // --- who sees whom --------------------------------------------------------------------------

  private Value masked(Value scores) {
    Optional<Value> added = added();
    Value sum = added.map(mask -> b.add(scores, c.like(mask, scores))).orElse(scores);
    return allowed()
        .map(seen -> b.where(seen, sum, b.number(Double.NEGATIVE_INFINITY, sum)))
        .orElse(sum);
  }

  /** Weights sum to one, or to zero where a query sees nothing. */
  private Value weights(Value scores) {
    if (isAlwaysSeeing()) {
      return b.apply(new Composite.Softmax(3), scores);
    }
    Value most = b.max(scores, List.of(3));
    Value nothing = b.compare(Comparison.EQUAL, most, b.number(Double.NEGATIVE_INFINITY, most));
    Value zero = b.number(0, scores);
    Value sure = b.where(nothing, zero, scores);
    return b.where(nothing, zero, b.apply(new Composite.Softmax(3), sure));
  }

  private boolean isAlwaysSeeing() {
    return !c.has(3)
        && !c.has(6)
        && bound("left_window_size") < 0
        && bound("right_window_size") < 0;
  }

  private int bound(String attribute) {
    return c.attributes().integer(attribute, -1);
  }

  /** The mask, with as many keys as there are. */
  private Optional<Value> mask() {
    if (!c.has(3)) {
      return Optional.empty();
    }
    Value mask = c.in(3);
    int missing = key.shape().dim(2) - mask.shape().dim(-1);
    if (missing <= 0) {
      return Optional.of(mask);
    }
    Shape shape = mask.shape().with(-1, missing);
    Value rest =
        mask.element() == ElementType.BOOL
            ? b.expand(b.constant(Tensor.of(Shape.SCALAR, false)), shape)
            : b.expand(b.number(Double.NEGATIVE_INFINITY, mask), shape);
    return Optional.of(b.concat(-1, List.of(mask, rest)));
  }

  private Optional<Value> added() {
    return mask().filter(m -> m.element() != ElementType.BOOL);
  }

  private Optional<Value> allowed() {
    List<Value> conditions = new ArrayList<>();
    mask().filter(m -> m.element() == ElementType.BOOL).ifPresent(conditions::add);
    int left = bound("left_window_size");
    int right = bound("right_window_size");
    if (left >= 0) {
      conditions.add(b.compare(Comparison.LESS_OR_EQUAL, b.add(distance(), -left), keys()));
    }
    if (right >= 0) {
      conditions.add(b.compare(Comparison.LESS_OR_EQUAL, keys(), b.add(distance(), right)));
    }
    if (c.attributes().flag("is_causal", false)) {
      conditions.add(b.compare(Comparison.LESS_OR_EQUAL, keys(), distance()));
    }
    if (c.has(6)) {
      conditions.add(b.compare(Comparison.LESS, keys(), lengths()));
    }
    return conditions.stream().reduce((x, y) -> b.binary(BinaryFunction.AND, x, y));
  }

  private Value keys() {
    return counted(Shape.of(key.shape().dim(2)));
  }

  /** Each query's position among the keys. */
  private Value distance() {
    Value rows = counted(Shape.of(query.shape().dim(2), 1));
    if (c.has(6)) {
      return b.add(rows, b.add(lengths(), -query.shape().dim(2)));
    }
    return c.has(4) ? b.add(rows, c.in(4).shape().dim(2)) : rows;
  }

  private Value counted(Shape shape) {
    return c.indices(shape, IntStream.range(0, shape.size()).asLongStream().toArray());
  }

  /** The number of keys of each example: [batch, 1, 1, 1]. */
  private Value lengths() {
    Value lengths = b.cast(c.in(6), ElementType.INT64);
    return b.reshape(lengths, Shape.of(lengths.shape().size(), 1, 1, 1));
  }

  // --- positions ------------------------------------------------------------------------------

  /** Pairs of numbers turned by their position's angle. */
  private static Value rotated(Call c) {
    GraphBuilder b = c.b();
    boolean packed = c.x().shape().rank() == 3;
    Value x = packed ? split(c, c.x(), c.attributes().integer("num_heads", 0)) : c.x();
    int size = x.shape().dim(3);
    int asked = c.attributes().integer("rotary_embedding_dim", 0);
    int part = asked == 0 ? size : asked;
    Value turned = turned(c, b.slice(x, 3, 0, part));
    Value all = part == size ? turned : b.concat(3, List.of(turned, b.slice(x, 3, part, size)));
    if (!packed) {
      return all;
    }
    return b.reshape(b.transpose(all, List.of(0, 2, 1, 3)), c.x().shape());
  }

  private static Value turned(Call c, Value x) {
    GraphBuilder b = c.b();
    boolean interleaved = c.attributes().flag("interleaved", false);
    Shape s = x.shape();
    int half = s.dim(3) / 2;
    Shape pairs =
        interleaved
            ? Shape.of(s.dim(0), s.dim(1), s.dim(2), half, 2)
            : Shape.of(s.dim(0), s.dim(1), s.dim(2), 2, half);
    int axis = interleaved ? 4 : 3;
    Value two = b.reshape(x, pairs);
    Value first = b.reshape(b.slice(two, axis, 0, 1), s.with(3, half));
    Value second = b.reshape(b.slice(two, axis, 1, 2), s.with(3, half));
    Value cos = angles(c, 1, first);
    Value sin = angles(c, 2, first);
    Value real = b.sub(b.mul(first, cos), b.mul(second, sin));
    Value imaginary = b.add(b.mul(first, sin), b.mul(second, cos));
    Shape one = pairs.with(axis, 1);
    Value joined = b.concat(axis, List.of(b.reshape(real, one), b.reshape(imaginary, one)));
    return b.reshape(joined, s);
  }

  /** Of each example's positions: [batch, 1, time, half]. */
  private static Value angles(Call c, int place, Value like) {
    GraphBuilder b = c.b();
    Value table = c.like(c.in(place), like);
    Value rows =
        c.has(3)
            ? b.apply(new Primitive.Gather(0), table, b.cast(c.in(3), ElementType.INT64))
            : table;
    Shape s = rows.shape();
    if (s.rank() != 3 || s.dim(2) != like.shape().dim(3)) {
      throw new GraphException("angles %s don't fit %d pairs".formatted(s, like.shape().dim(3)));
    }
    return b.reshape(rows, Shape.of(s.dim(0), 1, s.dim(1), s.dim(2)));
  }
}
