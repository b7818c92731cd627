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
import wherefore.graph.Value;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Elements chosen by index. */
final class Indexing {
  private Indexing() {}

  static void register(Operators table) {
    table.add("Gather", 1, Indexing::gather);
    table.add("GatherElements", 11, Indexing::gatherElements);
    table.add("GatherND", 11, Indexing::gatherNd);
    table.add("OneHot", 9, Indexing::oneHot);
    table.add("Trilu", 14, Indexing::trilu);
    table.add("Compress", 9, Indexing::compress);
  }

  private static Value indices(Call c) {
    return c.b().cast(c.in(1), ElementType.INT64);
  }

  private static Value gather(Call c) {
    int axis = c.x().shape().axis(c.attributes().integer("axis", 0));
    return c.b().apply(new Primitive.Gather(axis), c.x(), indices(c));
  }

  /** Index i counted from the end if negative. */
  static Value positive(GraphBuilder b, Value index, int extent) {
    Value negative = b.compare(Comparison.LESS, index, b.number(0, index));
    return b.where(negative, b.add(index, extent), index);
  }

  private static Value gatherElements(Call c) {
    Shape data = c.x().shape();
    return picked(c, c.x(), places(c, data, c.attributes().integer("axis", 0)));
  }

  /** The elements of a tensor at places in its flattened form. */
  static Value picked(Call c, Value x, Value places) {
    Value flat = c.b().reshape(x, Shape.of(x.shape().size()));
    return c.b().apply(new Primitive.Gather(0), flat, places);
  }

  /** Places in flattened data that the second operand names along an axis. */
  static Value places(Call c, Shape data, int along) {
    int axis = data.axis(along);
    Shape index = c.in(1).shape();
    if (index.rank() != data.rank()) {
      throw new GraphException("indices %s have not the rank of %s".formatted(index, data));
    }
    return places(c, data, axis, indices(c));
  }

  /** Places in flattened data: the own coordinate along all axes but one. */
  static Value places(Call c, Shape data, int axis, Value index) {
    GraphBuilder b = c.b();
    int[] strides = data.strides();
    Value places = b.mul(positive(b, index, data.dim(axis)), strides[axis]);
    for (int a = 0; a < data.rank(); a++) {
      if (a != axis) {
        places = b.add(places, coordinate(c, index.shape(), a, strides[a]));
      }
    }
    return places;
  }

  /** The coordinate along an axis times a factor, of extent 1 along all other axes. */
  static Value coordinate(Call c, Shape shape, int axis, int factor) {
    int[] dims = new int[shape.rank()];
    Arrays.fill(dims, 1);
    dims[axis] = Call.checkTable(shape.dim(axis));
    long[] values = IntStream.range(0, dims[axis]).mapToLong(i -> (long) i * factor).toArray();
    return c.indices(Shape.of(dims), values);
  }

  /** The last axis of the indices names a place along as many axes of the data. */
  private static Value gatherNd(Call c) {
    GraphBuilder b = c.b();
    Shape data = c.x().shape();
    Value index = indices(c);
    int batches = c.attributes().integer("batch_dims", 0);
    int depth = batches + index.shape().dim(-1);
    Value places = rows(b, index, data, batches);
    for (int a = 0; a < batches; a++) {
      int stride = data.axes(a + 1, depth).size();
      places = b.add(places, coordinate(c, places.shape(), a, stride));
    }
    Shape rest = data.axes(depth, data.rank());
    Value rows = b.reshape(c.x(), Shape.of(data.axes(0, depth).size()).concat(rest));
    return b.apply(new Primitive.Gather(0), rows, places);
  }

  /**
   * Numbers of rows that the indices' last axis names by coordinates, if the data's axes after the
   * coordinates' are a row and those in front of the first one are left out.
   */
  static Value rows(GraphBuilder b, Value index, Shape data, int first) {
    int depth = index.shape().dim(-1);
    if (first + depth > data.rank()) {
      throw new GraphException("indices %s don't fit data %s".formatted(index.shape(), data));
    }
    int[] strides = data.axes(first, first + depth).strides();
    int last = index.shape().rank() - 1;
    Shape outer = index.shape().axes(0, last);
    Value places = b.expand(b.constant(Tensor.of(Shape.SCALAR, 0L)), outer);
    for (int k = 0; k < depth; k++) {
      Value column = b.reshape(b.slice(index, last, k, k + 1), outer);
      places = b.add(places, b.mul(positive(b, column, data.dim(first + k)), strides[k]));
    }
    return places;
  }

  private static Value oneHot(Call c) {
    GraphBuilder b = c.b();
    int depth = Call.checkTable(Math.max(0, c.longs(1, "depth")[0]));
    Value index = b.cast(c.x(), ElementType.INT64);
    int rank = index.shape().rank() + 1;
    int asked = c.attributes().integer("axis", -1);
    int axis = asked < 0 ? asked + rank : asked;
    List<Integer> dims = new ArrayList<>(Windows.list(index.shape()));
    dims.add(axis, 1);
    Value column = positive(b, b.reshape(index, Shapes.shape(dims)), depth);
    dims.set(axis, depth);
    Value places = coordinate(c, Shapes.shape(dims), axis, 1);
    Value off = b.reshape(b.slice(c.in(2), 0, 0, 1), Shape.SCALAR);
    Value on = b.reshape(b.slice(c.in(2), 0, 1, 2), Shape.SCALAR);
    return b.where(b.compare(Comparison.EQUAL, places, column), on, off);
  }

  /** The elements on one side of a diagonal, zeros on the other. */
  private static Value trilu(Call c) {
    GraphBuilder b = c.b();
    Shape shape = c.x().shape();
    long k = c.has(1) ? c.longs(1, "diagonal")[0] : 0;
    boolean upper = c.attributes().flag("upper", true);
    int rows = shape.dim(-2);
    int columns = shape.dim(-1);
    boolean[] keep = new boolean[Call.checkTable((long) rows * columns)];
    for (int i = 0; i < keep.length; i++) {
      long offset = i % columns - i / columns - k;
      keep[i] = upper ? offset >= 0 : offset <= 0;
    }
    Value mask = c.literal(Tensor.of(Shape.of(rows, columns), keep));
    if (c.x().element() == ElementType.BOOL) {
      return b.binary(BinaryFunction.AND, c.x(), mask);
    }
    return b.where(mask, c.x(), b.number(0, c.x()));
  }

  private static Value compress(Call c) {
    double[] chosen = c.constant(1, "condition").toDoubles();
    long[] places =
        IntStream.range(0, chosen.length).filter(i -> chosen[i] != 0).asLongStream().toArray();
    boolean flat = !c.attributes().has("axis");
    Value x = flat ? c.b().reshape(c.x(), Shape.of(c.x().shape().size())) : c.x();
    int axis = flat ? 0 : x.shape().axis(c.attributes().integer("axis", 0));
    Value indices = c.indices(Shape.of(places.length), places);
    return c.b().apply(new Primitive.Gather(axis), x, indices);
  }
}
