package wherefore.runtime.attributor;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.model.ModelException;
import wherefore.model.Port;
import wherefore.model.Preprocessing;
import wherefore.model.Preprocessing.Channels;
import wherefore.model.Preprocessing.Fit;
import wherefore.model.Preprocessing.Layout;
import wherefore.model.Preprocessing.Sampling;

/**
 * What a card says of the input; what it leaves out is known once the model is.
 *
 * @param file what the card is called in errors
 * @param kind {@code image}, {@code table}, {@code text} or {@code tensor}
 * @param width in pixels, if said
 * @param height in pixels, if said
 * @param channels in order, if said
 * @param scale empty, one number, or one for each channel or feature
 * @param mean likewise
 * @param deviation likewise
 * @param fitting how an image is brought to the model's size
 * @param table of words in a table
 * @param text how a text becomes tokens; there if the kind is {@code text}
 */
record CardInput(
    String file,
    String kind,
    Optional<Integer> width,
    Optional<Integer> height,
    Optional<Channels> channels,
    List<Double> scale,
    List<Double> mean,
    List<Double> deviation,
    Fitting fitting,
    CardTable table,
    Optional<Preprocessing.Text> text) {
  private static final List<String> KINDS = List.of("image", "table", "text", "tensor");
  private static final List<String> IMAGE =
      List.of(
          "kind",
          "width",
          "height",
          "channels",
          "scale",
          "mean",
          "std",
          "fit",
          "resize",
          "sampling");
  private static final List<String> TABLE =
      List.of("kind", "scale", "mean", "std", "categories", "encoding");

  /**
   * How an image is brought to the model's size.
   *
   * @param fit {@code proportional}, {@code stretch} or {@code crop}
   * @param resize the shorter side's extent before cutting, if said
   * @param sampling {@code light} or {@code bilinear}, if said
   */
  record Fitting(String fit, Optional<Integer> resize, Optional<Sampling> sampling) {
    static Fitting of(Fields fields) throws ModelException {
      String fit =
          fields.word("fit", List.of("proportional", "stretch", "crop")).orElse("proportional");
      Optional<Integer> resize = fields.count("resize");
      if (resize.isPresent() && !fit.equals("crop")) {
        throw fields.wrong("resize", resize.get(), "left out, or input.fit must be crop");
      }
      return new Fitting(
          fit,
          resize,
          fields
              .word("sampling", List.of("light", "bilinear"))
              .map(s -> Sampling.valueOf(s.toUpperCase(Locale.ROOT))));
    }

    /** Cutting is what torchvision does, so by default it resizes as torchvision does. */
    Fit fit(int width, int height) {
      return switch (fit) {
        case "crop" ->
            new Fit.Cropped(
                resize.orElse(Math.max(width, height)), sampling.orElse(Sampling.BILINEAR));
        case "stretch" -> new Fit.Stretched(sampling.orElse(Sampling.LIGHT));
        default -> new Fit.Proportional(sampling.orElse(Sampling.LIGHT));
      };
    }
  }

  /**
   * Reads the {@code input} of a card.
   *
   * @param name what the card is called in errors
   * @param card where it lies, if it is a file
   */
  static CardInput of(String name, Optional<Path> card, Object object) throws ModelException {
    String kind = kind(name, object);
    List<String> known =
        switch (kind) {
          case "image" -> IMAGE;
          case "table" -> TABLE;
          case "text" -> CardText.KEYS;
          default -> List.of("kind");
        };
    String file = name;
    Fields fields = new Fields(file, "input.", object, known);
    List<Double> deviation = fields.numbers("std");
    if (deviation.contains(0.0)) {
      throw fields.wrong("std", deviation, "without zeros, as it is divided by");
    }
    List<Double> scale = fields.numbers("scale");
    if (scale.contains(0.0)) {
      throw fields.wrong("scale", scale, "without zeros, as nothing would be left of the input");
    }
    return new CardInput(
        file,
        kind,
        fields.count("width"),
        fields.count("height"),
        fields
            .word("channels", List.of("grey", "rgb", "bgr"))
            .map(c -> Channels.valueOf(c.toUpperCase(Locale.ROOT))),
        scale,
        fields.numbers("mean"),
        deviation,
        Fitting.of(fields),
        CardTable.of(name, fields),
        kind.equals("text") ? Optional.of(CardText.of(card, fields)) : Optional.empty());
  }

  /** Read first, as it says what else is accepted. */
  private static String kind(String name, Object object) throws ModelException {
    Map<String, Object> only = new HashMap<>();
    if (object instanceof Map<?, ?> map && map.containsKey("kind")) {
      only.put("kind", map.get("kind"));
    }
    Object read = object instanceof Map<?, ?> ? only : object;
    return new Fields(name, "input.", read, List.of("kind")).word("kind", KINDS).orElse("tensor");
  }

  /** The preprocessing, where the card says all of it. */
  Optional<Preprocessing> alone() throws ModelException {
    if (text.isPresent()) {
      return Optional.of(text.get());
    }
    boolean whole = width.isPresent() && height.isPresent() && channels.isPresent();
    return kind.equals("image") && whole
        ? Optional.of(image(width.get(), height.get(), channels.get(), Layout.NCHW))
        : Optional.empty();
  }

  /**
   * The preprocessing for a model's input.
   *
   * @throws ModelException if both together don't say all that is needed
   */
  Preprocessing forPort(Port port) throws ModelException {
    return switch (kind) {
      case "image" -> image(port);
      case "table" -> table(port);
      case "text" -> text.orElseThrow();
      default -> new Preprocessing.Raw();
    };
  }

  private Preprocessing image(Port port) throws ModelException {
    int[] extents = port.axes().stream().mapToInt(Port.Axis::extent).toArray();
    if (extents.length != 4) {
      throw new ModelException(
          "%s: input.kind is image, but the model's input is %s, which has no rows, columns and channels"
              .formatted(file, port));
    }
    Layout layout = isLast(extents) ? Layout.NHWC : Layout.NCHW;
    int across = layout == Layout.NHWC ? 2 : 3;
    int planes = layout == Layout.NHWC ? 3 : 1;
    return image(
        need("width", width, extents[across], port),
        need("height", height, extents[across - 1], port),
        channels.isPresent() ? channels.get() : channels(extents[planes], port),
        layout);
  }

  private static boolean isLast(int[] extents) {
    return isChannels(extents[3]) && !isChannels(extents[1]);
  }

  private static boolean isChannels(int extent) {
    return extent == 1 || extent == 3;
  }

  private Channels channels(int extent, Port port) throws ModelException {
    if (!isChannels(extent)) {
      throw new ModelException(
          "%s: input.channels is missing, and the model's input %s does not tell; it must be one of grey, rgb, bgr"
              .formatted(file, port));
    }
    return extent == 1 ? Channels.GREY : Channels.RGB;
  }

  private int need(String key, Optional<Integer> said, int extent, Port port)
      throws ModelException {
    if (said.isEmpty() && extent < 1) {
      throw new ModelException(
          "%s: input.%s is missing, and the model's input %s does not tell"
              .formatted(file, key, port));
    }
    return said.orElse(extent);
  }

  private Preprocessing image(int columns, int rows, Channels order, Layout layout)
      throws ModelException {
    int planes = order == Channels.GREY ? 1 : 3;
    int least = Math.max(columns, rows);
    if (fitting.resize().orElse(least) < least) {
      throw new ModelException(
          "%s: input.resize is %d; it must be at least %d, or nothing of %d x %d pixels could be cut out"
              .formatted(file, fitting.resize().orElse(least), least, columns, rows));
    }
    return new Preprocessing.Image(
        columns,
        rows,
        order,
        layout,
        filled("scale", scale, 1, planes),
        filled("mean", mean, 0, planes),
        filled("std", deviation, 1, planes),
        fitting.fit(columns, rows));
  }

  /** (v · s − m) / d = (v − m/s) / (d/s): a table's preprocessing has no scale of its own. */
  private Preprocessing table(Port port) throws ModelException {
    if (scale.isEmpty() && mean.isEmpty() && deviation.isEmpty()) {
      return table.with(List.of(), List.of());
    }
    int features = features(port);
    List<Double> s = filled("scale", scale, 1, features);
    List<Double> m = filled("mean", mean, 0, features);
    List<Double> d = filled("std", deviation, 1, features);
    return table.with(divided(m, s), divided(d, s));
  }

  private int features(Port port) throws ModelException {
    int features = 1;
    for (Port.Axis axis :
        port.axes().subList(Math.min(1, port.axes().size()), port.axes().size())) {
      if (axis.isFree()) {
        throw new ModelException(
            "%s: input.kind is table, but the model's input %s has no fixed number of features"
                .formatted(file, port));
      }
      features *= axis.extent();
    }
    return features;
  }

  private static List<Double> divided(List<Double> a, List<Double> b) {
    return IntStream.range(0, a.size()).mapToObj(i -> a.get(i) / b.get(i)).toList();
  }

  private List<Double> filled(String key, List<Double> given, double none, int count)
      throws ModelException {
    if (given.size() > 1 && given.size() != count) {
      throw new ModelException(
          "%s: input.%s has %d numbers; the model needs one, or %d"
              .formatted(file, key, given.size(), count));
    }
    return given.size() == count
        ? given
        : Collections.nCopies(count, given.isEmpty() ? none : given.get(0));
  }
}
