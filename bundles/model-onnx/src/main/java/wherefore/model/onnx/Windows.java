package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import wherefore.graph.GraphException;
import wherefore.graph.Window;
import wherefore.tensor.Shape;

/** A window from the attributes that convolutions and pooling share. */
final class Windows {
  private Windows() {}

  static List<Integer> list(Shape shape) {
    return Arrays.stream(shape.dims()).boxed().toList();
  }

  /** Strides and dilations. */
  static Window unpadded(Call c, List<Integer> kernel) {
    List<Integer> ones = Collections.nCopies(kernel.size(), 1);
    List<Integer> zeros = Collections.nCopies(kernel.size(), 0);
    return new Window(
        kernel,
        c.attributes().integers("strides").orElse(ones),
        c.attributes().integers("dilations").orElse(ones),
        zeros,
        zeros);
  }

  /** The window with the paddings that the attribute lists. */
  static Window padded(Call c, Window w) {
    List<Integer> pads =
        c.attributes().integers("pads").orElse(Collections.nCopies(2 * w.rank(), 0));
    if (pads.size() != 2 * w.rank()) {
      throw new GraphException(
          "pads %s: needs %d entries, two an axis".formatted(pads, 2 * w.rank()));
    }
    return new Window(
        w.kernel(),
        w.strides(),
        w.dilations(),
        pads.subList(0, w.rank()),
        pads.subList(w.rank(), pads.size()));
  }

  /** The window over data [N, C, spatial…]. */
  static Window of(Call c, List<Integer> kernel, Shape data) {
    if (data.rank() != kernel.size() + 2) {
      throw new GraphException(
          "a kernel %s does not fit data %s: it needs [N, C, spatial…]".formatted(kernel, data));
    }
    Window w = unpadded(c, kernel);
    String auto = c.attributes().text("auto_pad", "NOTSET");
    return switch (auto) {
      case "", "NOTSET" -> padded(c, w);
      case "VALID" -> w;
      case "SAME_UPPER" -> same(w, data, true);
      case "SAME_LOWER" -> same(w, data, false);
      default ->
          throw new GraphException(
              "auto_pad " + auto + " is not known; known: NOTSET, VALID, SAME_UPPER, SAME_LOWER");
    };
  }

  /** As many windows as there are strides; an odd padding's extra element goes to one side. */
  private static Window same(Window w, Shape data, boolean upper) {
    List<Integer> begin = new ArrayList<>();
    List<Integer> end = new ArrayList<>();
    for (int a = 0; a < w.rank(); a++) {
      int extent = data.dim(a + 2);
      int stride = w.strides().get(a);
      int outputs = (extent + stride - 1) / stride;
      int total = Math.max(0, (outputs - 1) * stride + w.reach(a) - extent);
      begin.add(upper ? total / 2 : total - total / 2);
      end.add(total - begin.get(a));
    }
    return new Window(w.kernel(), w.strides(), w.dilations(), begin, end);
  }
}
