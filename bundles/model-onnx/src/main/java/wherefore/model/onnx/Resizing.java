package wherefore.model.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import wherefore.graph.Composite;
import wherefore.graph.GraphException;
import wherefore.graph.Interpolation;
import wherefore.graph.Value;
import wherefore.tensor.Shape;

/** Axes brought to other extents by interpolation. */
final class Resizing {
  private Resizing() {}

  static void register(Operators table) {
    table.add(
        "Upsample", 7, c -> scaled(c, c.attributes().numbers("scales").orElseThrow(), upsample(c)));
    table.add("Upsample", 9, c -> scaled(c, scales(c, 1), upsample(c)));
    table.add("Resize", 10, c -> scaled(c, scales(c, 1), upsample(c)));
    table.add("Resize", 11, Resizing::resize);
  }

  private static List<Double> scales(Call c, int place) {
    return Arrays.stream(c.constant(place, "scales").toDoubles())
        .mapToObj(s -> Attributes.decimal((float) s))
        .toList();
  }

  private static Interpolation upsample(Call c) {
    return new Interpolation(
        mode(c, "nearest"),
        Interpolation.Coordinates.ASYMMETRIC,
        Interpolation.Rounding.FLOOR,
        -0.75);
  }

  private static Interpolation.Mode mode(Call c, String otherwise) {
    String mode = c.attributes().text("mode", otherwise);
    return switch (mode) {
      case "nearest" -> Interpolation.Mode.NEAREST;
      case "linear", "bilinear" -> Interpolation.Mode.LINEAR;
      case "cubic" -> Interpolation.Mode.CUBIC;
      default ->
          throw new GraphException("mode " + mode + " is not known; known: nearest, linear, cubic");
    };
  }

  private static Value scaled(Call c, List<Double> scales, Interpolation interpolation) {
    return scaled(c, scales, allAxes(c), interpolation);
  }

  private static int[] allAxes(Call c) {
    return IntStream.range(0, c.x().shape().rank()).toArray();
  }

  private static Value scaled(
      Call c, List<Double> scales, int[] axes, Interpolation interpolation) {
    Shape shape = c.x().shape();
    if (scales.size() != axes.length) {
      throw new GraphException(
          "scales %s: needs an entry for each of %d axes".formatted(scales, axes.length));
    }
    List<Integer> extents = new ArrayList<>(Windows.list(shape));
    for (int i = 0; i < axes.length; i++) {
      int in = shape.dim(axes[i]);
      double exact = in * scales.get(i);
      int out = (int) Math.floor(exact + 1e-6 * Math.max(1, scales.get(i)));
      if (Math.abs(exact - out) > 1e-4
          && interpolation.coordinates() != Interpolation.Coordinates.ALIGN_CORNERS) {
        throw new GraphException(
            "scale %s of %d elements gives no whole number of them; only whole ones are supported"
                .formatted(scales.get(i), in));
      }
      extents.set(shape.axis(axes[i]), out);
    }
    return apply(c, extents, interpolation);
  }

  private static Value apply(Call c, List<Integer> extents, Interpolation interpolation) {
    return extents.equals(Windows.list(c.x().shape()))
        ? c.x()
        : c.b().apply(new Composite.Resize(extents, interpolation), c.x());
  }

  private static Value resize(Call c) {
    Attributes a = c.attributes();
    refuse(a.flag("antialias", false), "antialias = 1");
    refuse(a.flag("exclude_outside", false), "exclude_outside = 1");
    String policy = a.text("keep_aspect_ratio_policy", "stretch");
    refuse(!policy.equals("stretch"), "keep_aspect_ratio_policy = " + policy);
    int[] axes =
        a.integers("axes")
            .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
            .orElseGet(() -> allAxes(c));
    Interpolation interpolation =
        new Interpolation(
            mode(c, "nearest"),
            coordinates(a.text("coordinate_transformation_mode", "half_pixel")),
            rounding(a.text("nearest_mode", "round_prefer_floor")),
            a.number("cubic_coeff_a", -0.75));
    if (c.has(2) && c.in(2).shape().size() > 0) {
      return scaled(c, scales(c, 2), axes, interpolation);
    }
    int[] sizes = c.ints(3, "sizes");
    List<Integer> extents = new ArrayList<>(Windows.list(c.x().shape()));
    for (int i = 0; i < axes.length; i++) {
      extents.set(c.x().shape().axis(axes[i]), sizes[i]);
    }
    return apply(c, extents, interpolation);
  }

  private static void refuse(boolean condition, String what) {
    if (condition) {
      throw new GraphException(what + " is not supported");
    }
  }

  private static Interpolation.Coordinates coordinates(String name) {
    return switch (name) {
      case "half_pixel", "half_pixel_symmetric" -> Interpolation.Coordinates.HALF_PIXEL;
      case "pytorch_half_pixel" -> Interpolation.Coordinates.PYTORCH_HALF_PIXEL;
      case "align_corners" -> Interpolation.Coordinates.ALIGN_CORNERS;
      case "asymmetric" -> Interpolation.Coordinates.ASYMMETRIC;
      default ->
          throw new GraphException(
              "coordinate_transformation_mode "
                  + name
                  + " is not supported; supported: half_pixel, half_pixel_symmetric,"
                  + " pytorch_half_pixel, align_corners, asymmetric");
    };
  }

  private static Interpolation.Rounding rounding(String name) {
    try {
      return Interpolation.Rounding.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new GraphException(
          "nearest_mode "
              + name
              + " is not known; known: round_prefer_floor, round_prefer_ceil, floor, ceil",
          e);
    }
  }
}
