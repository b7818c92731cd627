package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.UnaryFunction;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.Shape;

/** Maxima and means over windows, and over all of space. */
final class Pooling {
  private Pooling() {}

  static void register(Operators table) {
    table.addAll("MaxPool", 1, Pooling::max);
    table.add("AveragePool", 1, Pooling::average);
    table.add("LpPool", 2, Pooling::norm);
    table.add("GlobalMaxPool", 1, c -> c.b().apply(new Composite.MaxPool(whole(c)), c.x()));
    table.add(
        "GlobalAveragePool",
        1,
        c -> c.b().apply(new Composite.ReduceMean(spatial(c.x().shape())), c.x()));
    table.add("GlobalLpPool", 2, Pooling::globalNorm);
  }

  private static List<Integer> spatial(Shape data) {
    if (data.rank() < 3) {
      throw new GraphException("needs data [N, C, spatial…], not " + data);
    }
    return IntStream.range(2, data.rank()).boxed().toList();
  }

  private static Window whole(Call c) {
    Shape shape = c.x().shape();
    return Window.of(spatial(shape).stream().map(shape::dim).toArray(Integer[]::new));
  }

  private static Window window(Call c) {
    List<Integer> kernel =
        c.attributes()
            .integers("kernel_shape")
            .orElseThrow(() -> new GraphException("attribute kernel_shape is missing"));
    return Windows.of(c, kernel, c.x().shape());
  }

  private static List<Value> max(Call c) {
    GraphBuilder b = c.b();
    Window window = rounded(c, window(c));
    if (!c.x().element().isFloating()) {
      throw new GraphException("is supported for floating numbers only");
    }
    Value y = b.apply(new Composite.MaxPool(window), c.x());
    return c.isUsed(1) ? List.of(y, indices(c, window)) : List.of(y);
  }

  /** Where in the flattened data each window's first maximum is. */
  private static Value indices(Call c, Window w) {
    GraphBuilder b = c.b();
    Shape data = c.x().shape();
    Value x = padded(c, w, Double.NEGATIVE_INFINITY);
    List<Integer> zeros = Collections.nCopies(w.rank(), 0);
    Window inner = new Window(w.kernel(), w.strides(), w.dilations(), zeros, zeros);
    Value windows = b.apply(new Primitive.Windows(inner), x);
    Shape outputs = windows.shape().axes(0, w.rank() + 2);
    int taps = w.kernel().stream().reduce(1, Math::multiplyExact);
    Value flat = b.reshape(windows, outputs.concat(Shape.of(taps)));
    Value tap = b.reshape(b.apply(new Primitive.ArgMax(w.rank() + 2), flat), outputs);
    boolean columns = c.attributes().flag("storage_order", false);
    Value place = Indexing.coordinate(c, outputs, 0, data.axes(1, data.rank()).size());
    place = b.add(place, Indexing.coordinate(c, outputs, 1, data.axes(2, data.rank()).size()));
    int rest = taps;
    for (int a = 0; a < w.rank(); a++) {
      rest /= w.kernel().get(a);
      int stride = (columns ? data.axes(2, a + 2) : data.axes(a + 3, data.rank())).size();
      Value step =
          b.binary(BinaryFunction.MOD, b.binary(BinaryFunction.DIV, tap, rest), w.kernel().get(a));
      Value start = Indexing.coordinate(c, outputs, a + 2, w.strides().get(a));
      Value at = b.add(start, b.add(b.mul(step, w.dilations().get(a)), -w.padBegin().get(a)));
      place = b.add(place, b.mul(at, stride));
    }
    return place;
  }

  /**
   * With ceil_mode a last window may reach beyond the padding, but must begin before it: more
   * padding behind says the same.
   */
  private static Window rounded(Call c, Window w) {
    return c.attributes().flag("ceil_mode", false) ? ceiled(w, c.x().shape()) : w;
  }

  private static Window ceiled(Window w, Shape data) {
    List<Integer> end = new ArrayList<>();
    for (int a = 0; a < w.rank(); a++) {
      int extent = data.dim(a + 2);
      int stride = w.strides().get(a);
      int padded = extent + w.padBegin().get(a) + w.padEnd().get(a);
      int last = (Math.max(0, padded - w.reach(a)) + stride - 1) / stride;
      if (last * stride >= extent + w.padBegin().get(a)) {
        last--;
      }
      end.add(w.padEnd().get(a) + Math.max(0, last * stride + w.reach(a) - padded));
    }
    return new Window(w.kernel(), w.strides(), w.dilations(), w.padBegin(), end);
  }

  /** What ceil_mode adds behind never counts; padding counts if so said. */
  private static Value average(Call c) {
    Window window = window(c);
    Window rounded = rounded(c, window);
    boolean count = c.attributes().flag("count_include_pad", false);
    if (!count || rounded.equals(window)) {
      return c.b().apply(new Composite.AveragePool(rounded, count), c.x());
    }
    List<Integer> extra =
        IntStream.range(0, window.rank())
            .mapToObj(a -> rounded.padEnd().get(a) - window.padEnd().get(a))
            .toList();
    List<Integer> zeros = Collections.nCopies(window.rank(), 0);
    Window inner = new Window(window.kernel(), window.strides(), window.dilations(), zeros, extra);
    return c.b().apply(new Composite.AveragePool(inner, false), padded(c, window, 0));
  }

  private static Value padded(Call c, Window window, double value) {
    List<Integer> before = new ArrayList<>(List.of(0, 0));
    List<Integer> after = new ArrayList<>(List.of(0, 0));
    before.addAll(window.padBegin());
    after.addAll(window.padEnd());
    return c.b().pad(c.x(), before, after, value);
  }

  /** (Σ |x|^p)^(1/p): a mean of powers times the number of taps. */
  private static Value norm(Call c) {
    Window window = rounded(c, window(c));
    double p = c.attributes().integer("p", 2);
    GraphBuilder b = c.b();
    int taps = window.kernel().stream().reduce(1, Math::multiplyExact);
    Value powers = b.binary(BinaryFunction.POW, b.unary(UnaryFunction.ABS, c.x()), p);
    Value mean = b.apply(new Composite.AveragePool(window, true), powers);
    return b.binary(BinaryFunction.POW, b.mul(mean, taps), 1 / p);
  }

  private static Value globalNorm(Call c) {
    double p = c.attributes().integer("p", 2);
    GraphBuilder b = c.b();
    Value powers = b.binary(BinaryFunction.POW, b.unary(UnaryFunction.ABS, c.x()), p);
    return b.binary(BinaryFunction.POW, b.sum(powers, spatial(c.x().shape())), 1 / p);
  }
}
