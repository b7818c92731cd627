package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Elements written over others, at places that indices name. Everything happens on rows: updates
 * are added into zeros at their rows; where a row was written, it replaces the data's or is
 * combined with it.
 */
final class Scattering {
  /** So many updates of one element, at most, are combined one after the other. */
  private static final int ROUND_LIMIT = 64;

  private Scattering() {}

  static void register(Operators table) {
    table.add("Scatter", 9, Scattering::elements);
    table.add("ScatterElements", 11, Scattering::elements);
    table.add("ScatterND", 11, Scattering::slices);
    table.add("TensorScatter", 24, Scattering::cache);
    table.add("MaxUnpool", 9, Scattering::unpool);
  }

  private static Value elements(Call c) {
    Shape data = c.x().shape();
    Value places = Indexing.places(c, data, c.attributes().integer("axis", 0));
    GraphBuilder b = c.b();
    int count = places.shape().size();
    Value rows = b.reshape(c.x(), Shape.of(data.size()));
    Value updates = b.reshape(c.like(c.in(2), c.x()), Shape.of(count));
    return b.reshape(scatter(c, rows, b.reshape(places, Shape.of(count)), updates), data);
  }

  private static Value slices(Call c) {
    Shape data = c.x().shape();
    Value index = b64(c, c.in(1));
    int depth = index.shape().dim(-1);
    Value places = Indexing.rows(c.b(), index, data, 0);
    GraphBuilder b = c.b();
    int count = places.shape().size();
    Shape rest = data.axes(depth, data.rank());
    Value rows = b.reshape(c.x(), Shape.of(data.axes(0, depth).size()).concat(rest));
    Value updates = b.reshape(c.like(c.in(2), c.x()), Shape.of(count).concat(rest));
    return b.reshape(scatter(c, rows, b.reshape(places, Shape.of(count)), updates), data);
  }

  private static Value b64(Call c, Value index) {
    return c.b().cast(index, ElementType.INT64);
  }

  /** Rows of x [n, …] replaced by, or combined with, updates [k, …] at places [k]. */
  private static Value scatter(Call c, Value x, Value places, Value updates) {
    String reduction = c.attributes().text("reduction", "none");
    if (places.shape().size() == 0) {
      return x;
    }
    return switch (reduction) {
      case "add" -> c.b().add(x, sum(c.b(), x, places, updates));
      case "none" -> rounds(c, x, places, updates, (row, update) -> update, false);
      case "mul" -> rounds(c, x, places, updates, (row, u) -> c.b().mul(row, u), true);
      case "max" ->
          rounds(c, x, places, updates, (row, u) -> c.b().binary(BinaryFunction.MAX, row, u), true);
      case "min" ->
          rounds(c, x, places, updates, (row, u) -> c.b().binary(BinaryFunction.MIN, row, u), true);
      default ->
          throw new GraphException(
              "reduction " + reduction + " is not known; known: none, add, mul, max, min");
    };
  }

  private static Value sum(GraphBuilder b, Value x, Value places, Value updates) {
    if (x.element().isFloating()) {
      return b.apply(new Primitive.ScatterAdd(0, x.shape().dim(0)), updates, places);
    }
    Value wide = b.cast(updates, ElementType.FLOAT64);
    Value sums = b.apply(new Primitive.ScatterAdd(0, x.shape().dim(0)), wide, places);
    return b.cast(sums, x.element());
  }

  @FunctionalInterface
  private interface Combination {
    Value of(Value row, Value update);
  }

  /**
   * Where one element has several updates, they are taken one after the other, the last one last.
   * ONNX forbids that for a plain replacement, so that indices may be unknown there.
   */
  private static Value rounds(
      Call c, Value x, Value places, Value updates, Combination combination, boolean several) {
    GraphBuilder b = c.b();
    Optional<Tensor> known = several ? Optional.of(c.known(places, "indices")) : c.constant(places);
    List<long[]> rounds = known.map(t -> rounds(t.toLongs())).orElse(List.of());
    if (rounds.size() <= 1) {
      return once(b, x, places, updates, combination);
    }
    Value result = x;
    for (long[] chosen : rounds) {
      Value numbers = c.indices(Shape.of(chosen.length), chosen);
      Value at = b.apply(new Primitive.Gather(0), places, numbers);
      Value part = b.apply(new Primitive.Gather(0), updates, numbers);
      result = once(b, result, at, part, combination);
    }
    return result;
  }

  /** The numbers of the updates, so that none of a round meets another. */
  private static List<long[]> rounds(long[] places) {
    Map<Long, Integer> met = new HashMap<>();
    List<List<Long>> rounds = new ArrayList<>();
    for (int i = 0; i < places.length; i++) {
      int round = met.merge(places[i], 1, Integer::sum) - 1;
      if (round >= ROUND_LIMIT) {
        throw new GraphException("more than " + ROUND_LIMIT + " updates of one element");
      }
      if (round == rounds.size()) {
        rounds.add(new ArrayList<>());
      }
      rounds.get(round).add((long) i);
    }
    return rounds.stream().map(r -> r.stream().mapToLong(Long::longValue).toArray()).toList();
  }

  private static Value once(
      GraphBuilder b, Value x, Value places, Value updates, Combination combination) {
    int extent = x.shape().dim(0);
    int[] dims = new int[x.shape().rank()];
    Arrays.fill(dims, 1);
    dims[0] = places.shape().size();
    Value marks = b.expand(b.constant(one()), Shape.of(dims));
    Value counts = b.apply(new Primitive.ScatterAdd(0, extent), marks, places);
    Value written = b.compare(Comparison.LESS, b.number(0, counts), counts);
    return b.where(written, combination.of(x, sum(b, x, places, updates)), x);
  }

  private static Tensor one() {
    return Tensor.of(Shape.SCALAR, 1f);
  }

  /** A cache [batch, …, time, …] in which each example's update begins at a place of its own. */
  private static Value cache(Call c) {
    GraphBuilder b = c.b();
    Shape cache = c.x().shape();
    Shape update = c.in(1).shape();
    int axis = cache.axis(c.attributes().integer("axis", -2));
    int length = cache.dim(axis);
    Value start =
        c.has(2) ? b64(c, c.in(2)) : c.indices(Shape.of(cache.dim(0)), new long[cache.dim(0)]);
    int[] column = new int[cache.rank()];
    Arrays.fill(column, 1);
    column[0] = cache.dim(0);
    Value index =
        b.add(b.reshape(start, Shape.of(column)), Indexing.coordinate(c, update, axis, 1));
    if (c.attributes().text("mode", "linear").equals("circular")) {
      index = b.binary(BinaryFunction.MOD, index, length);
    }
    Value places = Indexing.places(c, cache, axis, b.expand(index, update));
    Value rows = b.reshape(c.x(), Shape.of(cache.size()));
    Value flat = b.reshape(c.like(c.in(1), c.x()), Shape.of(update.size()));
    Value at = b.reshape(places, Shape.of(update.size()));
    return b.reshape(once(b, rows, at, flat, (row, u) -> u), cache);
  }

  /**
   * Maxima put back where {@code MaxPool} says that it found them, zeros elsewhere. One maximum of
   * several windows is there once.
   */
  private static Value unpool(Call c) {
    GraphBuilder b = c.b();
    Shape whole = unpooled(c);
    int count = c.x().shape().size();
    Value places = b.reshape(relocated(c, whole), Shape.of(count));
    Value x = b.reshape(c.x(), Shape.of(count));
    Primitive add = new Primitive.ScatterAdd(0, whole.size());
    Value sums = b.apply(add, x, places);
    Value counts = b.apply(add, b.expand(b.number(1, x), x.shape()), places);
    Value several = b.binary(BinaryFunction.MAX, counts, 1);
    return b.reshape(b.div(sums, several), whole);
  }

  private static Shape inferred(Call c) {
    Shape x = c.x().shape();
    List<Integer> kernel =
        c.attributes()
            .integers("kernel_shape")
            .orElseThrow(() -> new GraphException("attribute kernel_shape is missing"));
    Window w = Windows.padded(c, Windows.unpadded(c, kernel));
    int[] dims = x.dims();
    for (int a = 0; a < w.rank(); a++) {
      dims[a + 2] =
          (dims[a + 2] - 1) * w.strides().get(a)
              + w.reach(a)
              - w.padBegin().get(a)
              - w.padEnd().get(a);
    }
    return Shape.of(dims);
  }

  private static Shape unpooled(Call c) {
    return c.has(2) ? Shape.of(c.longs(2, "output_shape")) : inferred(c);
  }

  /**
   * The indices are those of a tensor of the inferred shape; where another one is asked for, the
   * same coordinates have other numbers there.
   */
  private static Value relocated(Call c, Shape whole) {
    GraphBuilder b = c.b();
    Value index = b64(c, c.in(1));
    Shape from = inferred(c);
    if (from.equals(whole)) {
      return index;
    }
    int[] strides = from.strides();
    int[] targets = whole.strides();
    return IntStream.range(0, strides.length)
        .mapToObj(
            a -> {
              Value line = b.binary(BinaryFunction.DIV, index, strides[a]);
              Value at = b.binary(BinaryFunction.MOD, line, from.dim(a));
              return b.mul(at, targets[a]);
            })
        .reduce(b::add)
        .orElse(index);
  }
}
