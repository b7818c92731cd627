package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.graph.Composite;
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
    Window padded =
        shape.isPresent()
            ? fitted(window, c.x().shape(), extra, shape.get(), auto.equals("SAME_UPPER"))
            : Windows.padded(c, window);
    int group = c.attributes().integer("group", 1);
    return c.b().apply(new Primitive.ConvTranspose(padded, extra, group), c.operands());
  }

  private static List<Integer> same(Shape data, Window window) {
    return IntStream.range(0, window.rank())
        .mapToObj(a -> data.dim(a + 2) * window.strides().get(a))
        .toList();
  }

  /** The paddings that give the result the extents that the file asks for. */
  private static Window fitted(
      Window w, Shape data, List<Integer> extra, List<Integer> shape, boolean upper) {
    List<Integer> wanted = shape.subList(shape.size() - w.rank(), shape.size());
    List<Integer> begin = new ArrayList<>();
    List<Integer> end = new ArrayList<>();
    for (int a = 0; a < w.rank(); a++) {
      int whole = w.strides().get(a) * (data.dim(a + 2) - 1) + extra.get(a) + w.reach(a);
      int total = whole - wanted.get(a);
      if (total < 0) {
        throw new GraphException(
            "output_shape %s is larger than the %d elements that there are along axis %d"
                .formatted(wanted, whole, a + 2));
      }
      begin.add(upper ? total / 2 : total - total / 2);
      end.add(total - begin.get(a));
    }
    return new Window(w.kernel(), w.strides(), w.dilations(), begin, end);
  }
}
