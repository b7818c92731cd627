package wherefore.model.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Primitive;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/** Elements around a tensor: constant, mirrored, repeated or wrapped; fewer where negative. */
final class Padding {
  private Padding() {}

  static void register(Operators table) {
    table.add(
        "Pad",
        1,
        c -> {
          long[] pads =
              c.attributes()
                  .longs(c.attributes().has("pads") ? "pads" : "paddings")
                  .orElseThrow(() -> new GraphException("attribute pads is missing"));
          return pad(c, pads, allAxes(c), c.attributes().number("value", 0));
        });
    table.add(
        "Pad",
        11,
        c ->
            pad(
                c,
                c.longs(1, "pads"),
                c.has(3) ? c.ints(3, "axes") : allAxes(c),
                c.has(2) ? c.constant(2, "value").get(0) : 0));
  }

  private static int[] allAxes(Call c) {
    return IntStream.range(0, c.x().shape().rank()).toArray();
  }

  private static Value pad(Call c, long[] pads, int[] axes, double value) {
    if (pads.length != 2 * axes.length) {
      throw new GraphException(
          "pads %s: needs two entries for each of %d axes"
              .formatted(Arrays.toString(pads), axes.length));
    }
    String mode = c.attributes().text("mode", "constant");
    Value x = c.x();
    for (int i = 0; i < axes.length; i++) {
      int before = Math.toIntExact(pads[i]);
      int after = Math.toIntExact(pads[i + axes.length]);
      int axis = x.shape().axis(axes[i]);
      x = cropped(c.b(), x, axis, before, after);
      if (!mode.equals("constant")) {
        x = gathered(c, x, axis, Math.max(0, before), Math.max(0, after), mode);
      }
    }
    return mode.equals("constant") ? constant(c, x, pads, axes, value) : x;
  }

  private static Value cropped(GraphBuilder b, Value x, int axis, int before, int after) {
    int extent = x.shape().dim(axis);
    return b.slice(x, axis, Math.max(0, -before), extent - Math.max(0, -after));
  }

  private static Value constant(Call c, Value x, long[] pads, int[] axes, double value) {
    List<Integer> before = Shapes.filled(x.shape().rank(), 0);
    List<Integer> after = Shapes.filled(x.shape().rank(), 0);
    for (int i = 0; i < axes.length; i++) {
      int axis = x.shape().axis(axes[i]);
      before.set(axis, Math.max(0, Math.toIntExact(pads[i])));
      after.set(axis, Math.max(0, Math.toIntExact(pads[i + axes.length])));
    }
    return c.b().pad(x, before, after, value);
  }

  private static Value gathered(Call c, Value x, int axis, int before, int after, String mode) {
    if (before == 0 && after == 0) {
      return x;
    }
    int extent = x.shape().dim(axis);
    long[] places = new long[Call.checkTable((long) before + extent + after)];
    for (int i = 0; i < places.length; i++) {
      places[i] = place(i - before, extent, mode);
    }
    Value indices = c.indices(Shape.of(places.length), places);
    return c.b().apply(new Primitive.Gather(axis), x, indices);
  }

  private static int place(int at, int extent, String mode) {
    return switch (mode) {
      case "edge" -> Math.clamp(at, 0, extent - 1);
      case "wrap" -> Math.floorMod(at, extent);
      case "reflect" -> {
        int period = Math.max(1, 2 * (extent - 1));
        int phase = Math.floorMod(at, period);
        yield phase < extent ? phase : period - phase;
      }
      default ->
          throw new GraphException(
              "mode " + mode + " is not known; known: constant, reflect, edge, wrap");
    };
  }
}
