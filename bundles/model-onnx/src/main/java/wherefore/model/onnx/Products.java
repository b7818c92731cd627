package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.graph.Window;
import wherefore.tensor.Shape;

/** Matrix products and convolutions. */
final class Products {
  private Products() {}

  static void register(Operators table) {
    table.add("MatMul", 1, c -> c.b().matMul(c.x(), c.like(c.in(1), c.x())));
    table.add("Gemm", 1, Products::gemm);
    table.add("Conv", 1, Products::conv);
    table.add("ConvTranspose", 1, Products::convTranspose);
    table.add("Einsum", 12, Einsum::build);
    table.add("Col2Im", 18, Products::fold);
    table.addAll("CausalConvWithState", 27, Products::causal);
    table.add("com.microsoft", "FusedMatMul", 1, Products::scaled);
  }

  private static Value gemm(Call c) {
    Attributes a = c.attributes();
    Composite.Gemm op =
        new Composite.Gemm(
            a.number("alpha", 1),
            a.number("beta", 1),
            a.flag("transA", false),
            a.flag("transB", false));
    return c.b().apply(op, c.operands());
  }

  private static Value conv(Call c) {
    Window window = Windows.of(c, kernel(c), c.x().shape());
    int group = c.attributes().integer("group", 1);
    return c.b().apply(new Primitive.Conv(window, group), c.operands());
  }

  private static List<Integer> kernel(Call c) {
    Shape weights = c.in(1).shape();
    int rank = c.x().shape().rank();
    if (rank < 3 || weights.rank() != rank) {
      throw new GraphException(
          "weights %s don't fit data %s: both need [N, C, spatial…]"
              .formatted(weights, c.x().shape()));
    }
    return Windows.list(weights.axes(2, rank));
  }

  private static Value convTranspose(Call c) {
    List<Integer> kernel = kernel(c);
    List<Integer> zeros = Collections.nCopies(kernel.size(), 0);
    List<Integer> extra = c.attributes().integers("output_padding").orElse(zeros);
    Window window = Windows.unpadded(c, kernel);
    String auto = c.attributes().text("auto_pad", "NOTSET");
    Optional<List<Integer>> shape = c.attributes().integers("output_shape");
    if (shape.isEmpty() && auto.startsWith("SAME")) {
      shape = Optional.of(same(c.x().shape(), window));
    }
    int group = c.attributes().integer("group", 1);
    Shape data = c.x().shape();
    Primitive op =
        shape.isPresent()
            ? fitted(window, data, extra, shape.get(), auto.equals("SAME_UPPER"), group)
            : new Primitive.ConvTranspose(Windows.padded(c, window), extra, group);
    return c.b().apply(op, c.operands());
  }

  /** Columns laid back as windows of an image, added where they overlap. */
  private static Value fold(Call c) {
    GraphBuilder b = c.b();
    List<Integer> image = Arrays.stream(c.ints(1, "image_shape")).boxed().toList();
    List<Integer> block = Arrays.stream(c.ints(2, "block_shape")).boxed().toList();
    Window w = Windows.padded(c, Windows.unpadded(c, block));
    Shape columns = c.x().shape();
    int channels = columns.dim(1) / block.stream().reduce(1, Math::multiplyExact);
    List<Integer> extents = new ArrayList<>();
    List<Integer> split = new ArrayList<>(List.of(columns.dim(0), channels));
    split.addAll(block);
    for (int a = 0; a < w.rank(); a++) {
      int padded = image.get(a) + w.padBegin().get(a) + w.padEnd().get(a);
      extents.add(padded);
      split.add((padded - w.reach(a)) / w.strides().get(a) + 1);
    }
    List<Integer> order = new ArrayList<>(List.of(0, 1));
    Axes.range(w.rank()).forEach(a -> order.add(2 + w.rank() + a));
    Axes.range(w.rank()).forEach(a -> order.add(2 + a));
    Value windows = b.transpose(b.reshape(c.x(), Shapes.shape(split)), order);
    List<Integer> zeros = Collections.nCopies(w.rank(), 0);
    Window inner = new Window(w.kernel(), w.strides(), w.dilations(), zeros, zeros);
    Value result = b.apply(new Primitive.OverlapAdd(inner, extents), windows);
    for (int a = 0; a < w.rank(); a++) {
      int start = w.padBegin().get(a);
      result = b.slice(result, a + 2, start, start + image.get(a));
    }
    return result;
  }

  /** A convolution a channel over what is and was; then what the next one needs. */
  private static List<Value> causal(Call c) {
    GraphBuilder b = c.b();
    int taps = c.in(1).shape().dim(2);
    Shape shape = c.x().shape();
    Value past = c.has(3) ? c.in(3) : b.expand(b.number(0, c.x()), shape.with(2, taps - 1));
    Value all = b.concat(2, List.of(past, c.x()));
    List<Value> operands = new ArrayList<>(List.of(all, c.in(1)));
    c.find(2).ifPresent(operands::add);
    Value y = b.apply(new Primitive.Conv(Window.of(taps), shape.dim(1)), operands);
    String function = c.attributes().text("activation", "none");
    Value shown =
        switch (function) {
          case "none" -> y;
          case "silu", "swish" -> b.apply(new Composite.Swish(1), y);
          default ->
              throw new GraphException(
                  "activation " + function + " is not known; known: none, silu, swish");
        };
    int length = all.shape().dim(2);
    return List.of(shown, b.slice(all, 2, length - taps + 1, length));
  }

  private static Value scaled(Call c) {
    GraphBuilder b = c.b();
    Value left = turned(b, c.x(), c.attributes().flag("transA", false));
    Value right = turned(b, c.like(c.in(1), c.x()), c.attributes().flag("transB", false));
    if (c.attributes().flag("transBatchA", false) || c.attributes().flag("transBatchB", false)) {
      throw new GraphException("transBatchA and transBatchB are not supported");
    }
    return b.mul(b.matMul(left, right), c.attributes().number("alpha", 1));
  }

  private static Value turned(GraphBuilder b, Value x, boolean swap) {
    List<Integer> order = Axes.range(x.shape().rank());
    if (swap) {
      Collections.swap(order, order.size() - 1, order.size() - 2);
    }
    return b.transpose(x, order);
  }

  private static List<Integer> same(Shape data, Window window) {
    return IntStream.range(0, window.rank())
        .mapToObj(a -> data.dim(a + 2) * window.strides().get(a))
        .toList();
  }

  /** The paddings, fewer or more, that give the result the extents that the file asks for. */
  private static Primitive fitted(
      Window w, Shape data, List<Integer> extra, List<Integer> shape, boolean upper, int group) {
    List<Integer> wanted = shape.subList(shape.size() - w.rank(), shape.size());
    List<Integer> begin = new ArrayList<>();
    List<Integer> end = new ArrayList<>();
    List<Integer> more = new ArrayList<>(extra);
    for (int a = 0; a < w.rank(); a++) {
      int whole = w.strides().get(a) * (data.dim(a + 2) - 1) + extra.get(a) + w.reach(a);
      int total = Math.max(0, whole - wanted.get(a));
      more.set(a, extra.get(a) + Math.max(0, wanted.get(a) - whole));
      begin.add(upper ? total / 2 : total - total / 2);
      end.add(total - begin.get(a));
    }
    Window padded = new Window(w.kernel(), w.strides(), w.dilations(), begin, end);
    return new Primitive.ConvTranspose(padded, more, group);
  }
}
