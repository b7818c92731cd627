package wherefore.model.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.graph.Composite;
import wherefore.graph.GraphBuilder;
import wherefore.graph.GraphException;
import wherefore.graph.Interpolation;
import wherefore.graph.Value;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Axes brought to other extents by interpolation. What {@link Interpolation} can say stays whole;
 * all else becomes a product with a matrix an axis.
 *
 * <p>With {@code align_corners} the corner is that of the axis as it is then, as PyTorch and ONNX's
 * text have it; where a scale gives no whole number of elements, ONNX's own test data put it beyond
 * the axis' end.
 */
final class Resizing {
  /** The extent and the exact scale of one axis. */
  private record Target(int extent, double scale) {}

  private final Call c;
  private final Attributes attributes;
  private final String mode;
  private final String coordinates;
  private final Interpolation.Rounding rounding;
  private final int[] axes;

  private Resizing(Call c, boolean upsample) {
    this.c = c;
    this.attributes = c.attributes();
    this.mode = attributes.text("mode", "nearest");
    this.coordinates =
        upsample ? "asymmetric" : attributes.text("coordinate_transformation_mode", "half_pixel");
    this.rounding =
        upsample
            ? Interpolation.Rounding.FLOOR
            : rounding(attributes.text("nearest_mode", "round_prefer_floor"));
    this.axes =
        attributes
            .integers("axes")
            .map(list -> list.stream().mapToInt(a -> c.x().shape().axis(a)).toArray())
            .orElseGet(() -> IntStream.range(0, c.x().shape().rank()).toArray());
  }

  static void register(Operators table) {
    table.add("Upsample", 7, c -> upsample(c, c.attributes().numbers("scales").orElseThrow()));
    table.add("Upsample", 9, c -> upsample(c, scales(c, 1)));
    table.add("Resize", 10, c -> upsample(c, scales(c, 1)));
    table.add("Resize", 11, c -> new Resizing(c, false).resize());
  }

  private static Value upsample(Call c, List<Double> scales) {
    Resizing resizing = new Resizing(c, true);
    return resizing.apply(resizing.scaled(scales));
  }

  private static List<Double> scales(Call c, int place) {
    return Arrays.stream(c.constant(place, "scales").toDoubles())
        .mapToObj(s -> Attributes.decimal((float) s))
        .toList();
  }

  private Value resize() {
    boolean scaled = c.has(2) && c.in(2).shape().size() > 0;
    return apply(scaled ? scaled(scales(c, 2)) : sized(c.ints(3, "sizes")));
  }

  private Target[] unchanged() {
    return Arrays.stream(c.x().shape().dims())
        .mapToObj(extent -> new Target(extent, 1))
        .toArray(Target[]::new);
  }

  private Target[] scaled(List<Double> scales) {
    check(scales.size(), "scales " + scales);
    Target[] targets = unchanged();
    for (int i = 0; i < axes.length; i++) {
      double scale = scales.get(i);
      if (!(scale > 0)) {
        throw new GraphException("scale " + scale + " is not positive");
      }
      double exact = c.x().shape().dim(axes[i]) * scale;
      int extent = checked(Math.floor(exact + 1e-6 * Math.max(1, scale)));
      targets[axes[i]] = new Target(extent, Math.abs(exact - extent) > 1e-4 ? scale : 0);
    }
    return targets;
  }

  private static int checked(double extent) {
    if (extent > Integer.MAX_VALUE) {
      throw new GraphException("an axis would get %.0f elements".formatted(extent));
    }
    return (int) extent;
  }

  private Target[] sized(int[] sizes) {
    check(sizes.length, "sizes " + Arrays.toString(sizes));
    String policy = attributes.text("keep_aspect_ratio_policy", "stretch");
    double[] ratios =
        IntStream.range(0, axes.length)
            .mapToDouble(i -> (double) sizes[i] / c.x().shape().dim(axes[i]))
            .toArray();
    Target[] targets = unchanged();
    for (int i = 0; i < axes.length; i++) {
      int in = c.x().shape().dim(axes[i]);
      targets[axes[i]] =
          switch (policy) {
            case "stretch" -> new Target(sizes[i], 0);
            case "not_larger" -> rounded(in, Arrays.stream(ratios).min().orElse(1));
            case "not_smaller" -> rounded(in, Arrays.stream(ratios).max().orElse(1));
            default ->
                throw new GraphException(
                    "keep_aspect_ratio_policy "
                        + policy
                        + " is not known; known: stretch, not_larger, not_smaller");
          };
    }
    return targets;
  }

  private static Target rounded(int in, double scale) {
    return new Target(checked(Math.floor(in * scale + 0.5)), scale);
  }

  private void check(int entries, String what) {
    if (entries != axes.length) {
      throw new GraphException(
          "%s: needs an entry for each of %d axes".formatted(what, axes.length));
    }
  }

  private Value apply(Target[] targets) {
    List<Integer> extents = Arrays.stream(targets).map(Target::extent).toList();
    boolean exact = Arrays.stream(targets).allMatch(t -> t.scale() == 0 || t.scale() == 1);
    boolean plain =
        !attributes.flag("antialias", false) && !attributes.flag("exclude_outside", false);
    Optional<Interpolation.Coordinates> known = known(exact);
    if (plain && known.isPresent()) {
      Interpolation whole = new Interpolation(mode(), known.get(), rounding, cubic());
      return extents.equals(Windows.list(c.x().shape()))
          ? c.x()
          : c.b().apply(new Composite.Resize(extents, whole), c.x());
    }
    Value result = c.x();
    for (int i = 0; i < axes.length; i++) {
      result = alongAxis(result, i, targets[axes[i]]);
    }
    return coordinates.equals("tf_crop_and_resize") ? extrapolated(result, targets) : result;
  }

  /** The coordinates as a word of {@link Interpolation}, which knows extents but no scales. */
  private Optional<Interpolation.Coordinates> known(boolean exact) {
    return switch (coordinates) {
      case "align_corners" -> Optional.of(Interpolation.Coordinates.ALIGN_CORNERS);
      case "half_pixel", "half_pixel_symmetric" ->
          exact ? Optional.of(Interpolation.Coordinates.HALF_PIXEL) : Optional.empty();
      case "pytorch_half_pixel" ->
          exact ? Optional.of(Interpolation.Coordinates.PYTORCH_HALF_PIXEL) : Optional.empty();
      case "asymmetric" ->
          exact ? Optional.of(Interpolation.Coordinates.ASYMMETRIC) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private double cubic() {
    return attributes.number("cubic_coeff_a", -0.75);
  }

  private Value alongAxis(Value x, int number, Target target) {
    int axis = axes[number];
    int in = x.shape().dim(axis);
    boolean cropped = coordinates.equals("tf_crop_and_resize");
    if (in == target.extent() && target.scale() <= 1 && !cropped && exactScale(in, target) == 1) {
      return x;
    }
    Tensor matrix = matrix(number, in, target);
    GraphBuilder b = c.b();
    Value last = Axes.toLast(b, x, axis);
    Value rows = b.reshape(last, Shape.of(last.shape().size() / Math.max(1, in), in));
    Value turned = b.transpose(c.literal(matrix.to(x.element())), List.of(1, 0));
    Value product = b.matMul(rows, turned);
    Shape shape = last.shape().with(-1, target.extent());
    return Axes.fromLast(b, b.reshape(product, shape), axis);
  }

  private static double exactScale(int in, Target target) {
    return target.scale() == 0 ? (double) target.extent() / in : target.scale();
  }

  private Tensor matrix(int number, int in, Target target) {
    return new Resampling(
            mode(),
            place(number),
            rounding,
            cubic(),
            attributes.flag("antialias", false),
            attributes.flag("exclude_outside", false))
        .matrix(in, target.extent(), exactScale(in, target));
  }

  private Resampling.Place place(int number) {
    return switch (coordinates) {
      case "half_pixel" -> (i, in, out, scale) -> (i + 0.5) / scale - 0.5;
      case "half_pixel_symmetric" ->
          (i, in, out, scale) -> in / 2.0 * (1 - out / (scale * in)) + (i + 0.5) / scale - 0.5;
      case "pytorch_half_pixel" -> (i, in, out, scale) -> out > 1 ? (i + 0.5) / scale - 0.5 : 0;
      case "align_corners" -> (i, in, out, scale) -> out > 1 ? i * (in - 1.0) / (out - 1) : 0;
      case "asymmetric" -> (i, in, out, scale) -> i / scale;
      case "tf_crop_and_resize" -> crop(number);
      default ->
          throw new GraphException(
              "coordinate_transformation_mode "
                  + coordinates
                  + " is not known; known: half_pixel, half_pixel_symmetric, pytorch_half_pixel,"
                  + " align_corners, asymmetric, tf_crop_and_resize");
    };
  }

  /** Samples spread over a part of the axis, given in parts of its length. */
  private Resampling.Place crop(int number) {
    double[] roi = c.constant(1, "roi").toDoubles();
    check(roi.length / 2, "roi " + Arrays.toString(roi));
    double start = roi[number];
    double end = roi[number + axes.length];
    return (i, in, out, scale) -> {
      double step = out > 1 ? i * (end - start) / (out - 1) : (end - start) / 2;
      double x = (start + step) * (in - 1);
      return x < 0 || x > in - 1 ? Double.NaN : x;
    };
  }

  /** Samples outside of any axis have one value. */
  private Value extrapolated(Value x, Target[] targets) {
    GraphBuilder b = c.b();
    Value value = b.number(attributes.number("extrapolation_value", 0), x);
    Value result = x;
    for (int k = 0; k < axes.length; k++) {
      int axis = axes[k];
      int in = c.x().shape().dim(axis);
      Resampling.Place place = place(k);
      boolean[] outside = new boolean[targets[axis].extent()];
      for (int i = 0; i < outside.length; i++) {
        outside[i] = Double.isNaN(place.of(i, in, outside.length, 1));
      }
      int[] dims = new int[x.shape().rank()];
      Arrays.fill(dims, 1);
      dims[axis] = outside.length;
      result = b.where(c.literal(Tensor.of(Shape.of(dims), outside)), value, result);
    }
    return result;
  }

  private Interpolation.Mode mode() {
    return switch (mode) {
      case "nearest" -> Interpolation.Mode.NEAREST;
      case "linear", "bilinear" -> Interpolation.Mode.LINEAR;
      case "cubic" -> Interpolation.Mode.CUBIC;
      default ->
          throw new GraphException("mode " + mode + " is not known; known: nearest, linear, cubic");
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
