package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Elements in order of size, and elements that differ. */
final class Ordering {
  /** Each element is compared with each other one of its line. */
  private static final int LINE_LIMIT = 4096;

  private Ordering() {}

  static void register(Operators table) {
    table.addAll("TopK", 1, c -> topK(c, c.attributes().integer("k", 1)));
    table.addAll("TopK", 10, c -> topK(c, Math.toIntExact(c.longs(1, "k")[0])));
    table.addAll("Unique", 11, Ordering::unique);
  }

  /**
   * An element's place is the number of those that are larger, or equal and in front of it. Values
   * are then gathered, so that a gradient goes to where they came from.
   */
  private static List<Value> topK(Call c, int k) {
    GraphBuilder b = c.b();
    int axis = c.x().shape().axis(c.attributes().integer("axis", -1));
    Value x = Axes.toLast(b, c.x(), axis);
    int extent = x.shape().dim(-1);
    if (k < 0 || k > extent || extent > LINE_LIMIT) {
      throw new GraphException(
          "k = %d of %d elements; at most %d are put in order".formatted(k, extent, LINE_LIMIT));
    }
    Value ranks = ranks(c, x, c.attributes().flag("largest", true));
    Shape outer = x.shape().axes(0, x.shape().rank() - 1);
    Value column = b.reshape(ranks, x.shape().concat(Shape.of(1)));
    Value wanted = c.indices(Shape.of(k), IntStream.range(0, k).asLongStream().toArray());
    Value here = b.cast(b.compare(Comparison.EQUAL, column, wanted), ElementType.INT64);
    Value own = c.indices(Shape.of(extent, 1), IntStream.range(0, extent).asLongStream().toArray());
    int last = x.shape().rank();
    Value sum = b.sum(b.mul(here, own), List.of(last - 1));
    Value indices = b.reshape(sum, outer.concat(Shape.of(k)));
    Value places = Indexing.places(c, x.shape(), last - 1, indices);
    Value values = Indexing.picked(c, x, places);
    return List.of(Axes.fromLast(b, values, axis), Axes.fromLast(b, indices, axis));
  }

  private static Value ranks(Call c, Value x, boolean largest) {
    GraphBuilder b = c.b();
    int extent = x.shape().dim(-1);
    Value own = b.reshape(x, x.shape().concat(Shape.of(1)));
    Shape line = x.shape().with(-1, 1).concat(Shape.of(extent));
    Value others = b.reshape(x, line);
    Value before =
        largest ? b.compare(Comparison.LESS, own, others) : b.compare(Comparison.LESS, others, own);
    boolean[] front = new boolean[Call.checkTable((long) extent * extent)];
    for (int i = 0; i < front.length; i++) {
      front[i] = i % extent < i / extent;
    }
    Value earlier = c.literal(Tensor.of(Shape.of(extent, extent), front));
    Value tied = b.binary(BinaryFunction.AND, b.compare(Comparison.EQUAL, own, others), earlier);
    Value counted = b.cast(b.binary(BinaryFunction.OR, before, tied), ElementType.INT64);
    return b.reshape(b.sum(counted, List.of(x.shape().rank())), x.shape());
  }

  /** A group of equal slices: the first one's number, and how many. */
  private record Group(int first, int count) {}

  /** Of constants only: how many there are decides on shapes. */
  private static List<Value> unique(Call c) {
    c.constant(0, "number of different elements");
    GraphBuilder b = c.b();
    boolean flat = !c.attributes().has("axis");
    Value x = flat ? b.reshape(c.x(), Shape.of(c.x().shape().size())) : c.x();
    int axis = flat ? 0 : x.shape().axis(c.attributes().integer("axis", 0));
    List<List<Double>> slices = slices(c, x, axis);
    Map<List<Double>, Group> groups = new HashMap<>();
    for (int i = 0; i < slices.size(); i++) {
      groups.merge(slices.get(i), new Group(i, 1), (a, n) -> new Group(a.first(), a.count() + 1));
    }
    Comparator<Map.Entry<List<Double>, Group>> order =
        c.attributes().flag("sorted", true)
            ? Map.Entry.comparingByKey(Ordering::compare)
            : Comparator.comparing(e -> e.getValue().first());
    List<Map.Entry<List<Double>, Group>> ordered =
        groups.entrySet().stream().sorted(order).toList();
    Map<List<Double>, Integer> numbers = new HashMap<>();
    ordered.forEach(e -> numbers.put(e.getKey(), numbers.size()));
    Value first = longs(c, ordered.stream().map(e -> (long) e.getValue().first()));
    return List.of(
        b.apply(new Primitive.Gather(axis), x, first),
        first,
        longs(c, slices.stream().map(s -> (long) numbers.getOrDefault(s, 0))),
        longs(c, ordered.stream().map(e -> (long) e.getValue().count())));
  }

  private static List<List<Double>> slices(Call c, Value x, int axis) {
    Tensor rows = c.known(Axes.toFirst(c.b(), x, axis), "number of different elements");
    int count = rows.shape().dim(0);
    int width = rows.size() / Math.max(1, count);
    List<List<Double>> slices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int start = i * width;
      slices.add(
          IntStream.range(start, start + width)
              .mapToObj(rows::get)
              .collect(Collectors.toUnmodifiableList()));
    }
    return slices;
  }

  private static int compare(List<Double> a, List<Double> b) {
    return IntStream.range(0, a.size())
        .map(i -> Double.compare(a.get(i), b.get(i)))
        .filter(order -> order != 0)
        .findFirst()
        .orElse(0);
  }

  private static Value longs(Call c, Stream<Long> values) {
    long[] all = values.mapToLong(Long::longValue).toArray();
    return c.indices(Shape.of(all.length), all);
  }
}
