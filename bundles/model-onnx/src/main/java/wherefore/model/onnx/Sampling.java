package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Comparison;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Values between samples at places that a grid names. Neighbours are gathered, weights computed
 * from the grid: a gradient goes to both. Definitions: ONNX's GridSample and AffineGrid.
 */
final class Sampling {
  private static final double CUBIC = -0.75;

  private final Call c;
  private final GraphBuilder b;
  private final Shape data;
  private final Shape points;
  private final String padding;
  private final boolean corners;

  private Sampling(Call c) {
    this.c = c;
    this.b = c.b();
    this.data = c.x().shape();
    this.points = c.in(1).shape().axes(1, c.in(1).shape().rank() - 1);
    this.padding = c.attributes().text("padding_mode", "zeros");
    this.corners = c.attributes().flag("align_corners", false);
  }

  static void register(Operators table) {
    table.add("GridSample", 16, c -> new Sampling(c).sample());
    table.add("AffineGrid", 20, Sampling::affine);
  }

  /** One neighbour along one axis: its index, and its weight, both [batch, points]. */
  private record Tap(Value index, Value weight) {}

  private Value sample() {
    int axes = data.rank() - 2;
    if (axes < 1 || c.in(1).shape().rank() != data.rank() || c.in(1).shape().dim(-1) != axes) {
      throw new GraphException(
          "grid %s does not fit data %s: it needs [N, outputs…, %d]"
              .formatted(c.in(1).shape(), data, axes));
    }
    List<List<Tap>> taps = IntStream.range(0, axes).mapToObj(this::taps).toList();
    Value sum = combined(taps, new ArrayList<>());
    Shape rows = data.axes(0, 1).concat(points).concat(data.axes(1, 2));
    return Axes.fromLast(b, b.reshape(sum, rows), 1);
  }

  /** Σ over the choices of a tap on each axis, outermost first: [batch · points, channels]. */
  private Value combined(List<List<Tap>> taps, List<Tap> chosen) {
    if (chosen.size() == taps.size()) {
      return weighted(chosen);
    }
    List<Value> terms = new ArrayList<>();
    for (Tap tap : taps.get(chosen.size())) {
      List<Tap> more = new ArrayList<>(chosen);
      more.add(tap);
      terms.add(combined(taps, more));
    }
    return terms.stream().reduce(b::add).orElseThrow();
  }

  private Value weighted(List<Tap> taps) {
    int rest = data.axes(2, data.rank()).size();
    int batch = data.dim(0);
    long[] starts = IntStream.range(0, batch).mapToLong(n -> (long) n * rest).toArray();
    Value place = b.expand(c.indices(Shape.of(batch, 1), starts), Shape.of(batch, points.size()));
    Value weight = b.expand(b.number(1, taps.get(0).weight()), place.shape());
    for (int a = 0; a < taps.size(); a++) {
      int stride = data.axes(a + 3, data.rank()).size();
      place = b.add(place, b.mul(taps.get(a).index(), stride));
      weight = b.mul(weight, taps.get(a).weight());
    }
    Value last = Axes.toLast(b, c.x(), 1);
    Value rows = b.reshape(last, Shape.of(batch * rest, data.dim(1)));
    int count = batch * points.size();
    Value picked = b.apply(new Primitive.Gather(0), rows, b.reshape(place, Shape.of(count)));
    return b.mul(picked, b.cast(b.reshape(weight, Shape.of(count, 1)), picked.element()));
  }

  private List<Tap> taps(int axis) {
    int extent = data.dim(axis + 2);
    Value x = coordinate(axis, extent);
    String mode = c.attributes().text("mode", "linear");
    return switch (mode) {
      case "nearest" -> List.of(tap(b.unary(UnaryFunction.ROUND, bounded(x, extent)), 1, extent));
      case "linear", "bilinear" -> linear(bounded(x, extent), extent);
      case "cubic", "bicubic" -> cubic(x, extent);
      default ->
          throw new GraphException("mode " + mode + " is not known; known: linear, nearest, cubic");
    };
  }

  /** The grid's numbers from −1 to 1 as coordinates on an axis: [batch, points]. */
  private Value coordinate(int axis, int extent) {
    int place = data.rank() - 3 - axis; // the grid has the innermost axis first
    Value column = b.slice(c.in(1), -1, place, place + 1);
    Value grid = b.reshape(column, Shape.of(data.dim(0), points.size()));
    return corners
        ? b.mul(b.add(grid, 1), (extent - 1) / 2.0)
        : b.add(b.mul(b.add(grid, 1), extent / 2.0), -0.5);
  }

  private Value bounded(Value x, int extent) {
    return switch (padding) {
      case "zeros" -> x;
      case "border" -> clamped(x, extent);
      case "reflection" -> clamped(reflected(x, extent), extent);
      default ->
          throw new GraphException(
              "padding_mode " + padding + " is not known; known: zeros, border, reflection");
    };
  }

  private Value clamped(Value x, int extent) {
    return b.binary(BinaryFunction.MIN, b.binary(BinaryFunction.MAX, x, 0), extent - 1);
  }

  /** Folded back at the edges: the samples themselves, or half a sample beyond them. */
  private Value reflected(Value x, int extent) {
    double low = corners ? 0 : -0.5;
    double length = corners ? extent - 1 : extent;
    if (length == 0) {
      return b.mul(x, 0);
    }
    Value away = b.binary(BinaryFunction.MOD, b.add(x, -low), 2 * length);
    Value back = b.binary(BinaryFunction.MIN, away, b.add(b.neg(away), 2 * length));
    return b.add(back, low);
  }

  private List<Tap> linear(Value x, int extent) {
    Value low = b.unary(UnaryFunction.FLOOR, x);
    Value part = b.sub(x, low);
    return List.of(tap(low, b.add(b.neg(part), 1), extent), tap(b.add(low, 1), part, extent));
  }

  /** The four neighbours are bounded each by itself. */
  private List<Tap> cubic(Value x, int extent) {
    Value low = b.unary(UnaryFunction.FLOOR, x);
    Value part = b.sub(x, low);
    List<Tap> taps = new ArrayList<>();
    for (int k = -1; k <= 2; k++) {
      Value distance = b.unary(UnaryFunction.ABS, b.add(part, -k));
      Value weight = k == 0 || k == 1 ? near(distance) : far(distance);
      taps.add(tap(bounded(b.add(low, k), extent), weight, extent));
    }
    return taps;
  }

  /** (a + 2)d³ − (a + 3)d² + 1. */
  private Value near(Value d) {
    return b.add(b.mul(b.mul(d, d), b.add(b.mul(d, CUBIC + 2), -(CUBIC + 3))), 1);
  }

  /** a(d³ − 5d² + 8d − 4). */
  private Value far(Value d) {
    return b.mul(b.add(b.mul(d, b.add(b.mul(d, b.add(d, -5)), 8)), -4), CUBIC);
  }

  private Tap tap(Value at, double weight, int extent) {
    return tap(at, b.expand(b.number(weight, at), at.shape()), extent);
  }

  /** A neighbour outside of the axis weighs nothing. */
  private Tap tap(Value at, Value weight, int extent) {
    Value low = b.compare(Comparison.LESS, at, b.number(0, at));
    Value high = b.compare(Comparison.LESS, b.number(extent - 1, at), at);
    Value outside = b.binary(BinaryFunction.OR, low, high);
    Value index = b.cast(clamped(at, extent), ElementType.INT64);
    return new Tap(index, b.where(outside, b.number(0, weight), weight));
  }

  /** Coordinates of a grid of samples, mapped by a matrix an example: [batch, outputs…, axes]. */
  private static Value affine(Call c) {
    GraphBuilder b = c.b();
    int[] size = c.ints(1, "size");
    int axes = size.length - 2;
    Shape outputs = Shape.of(Arrays.copyOfRange(size, 2, size.length));
    boolean corners = c.attributes().flag("align_corners", false);
    double[] places = new double[Call.checkTable((long) outputs.size() * (axes + 1))];
    int[] strides = outputs.strides();
    for (int i = 0; i < outputs.size(); i++) {
      places[i * (axes + 1) + axes] = 1;
      for (int a = 0; a < axes; a++) {
        int extent = outputs.dim(a);
        double at = i / strides[a] % extent;
        places[i * (axes + 1) + axes - 1 - a] =
            corners ? (extent > 1 ? 2 * at / (extent - 1) - 1 : 0) : (2 * at + 1) / extent - 1;
      }
    }
    Tensor base = Tensor.of(Shape.of(outputs.size(), axes + 1), places).to(c.x().element());
    Value product = b.matMul(c.literal(base), b.transpose(c.x(), List.of(0, 2, 1)));
    return b.reshape(product, Shape.of(size[0]).concat(outputs).concat(Shape.of(axes)));
  }
}
