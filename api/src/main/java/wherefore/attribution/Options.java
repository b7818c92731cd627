package wherefore.attribution;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Options records, their text form and their description: the one place that reads {@link Option}.
 */
public final class Options {
  /** For methods without options. */
  public record None() {}

  private Options() {}

  /** The options of a record, in order. */
  public static List<OptionSpec> describe(Class<? extends Record> options) {
    return Arrays.stream(options.getRecordComponents()).map(Options::spec).toList();
  }

  private static OptionSpec spec(RecordComponent c) {
    Option o = option(c);
    return new OptionSpec(
        name(c),
        type(c.getType()),
        o.value(),
        o.byDefault(),
        o.min(),
        o.max(),
        o.unit(),
        values(c.getType()));
  }

  private static Option option(RecordComponent c) {
    Option option = c.getAnnotation(Option.class);
    if (option == null) {
      throw new IllegalStateException(
          c.getDeclaringRecord().getName() + "." + c.getName() + " lacks @Option");
    }
    return option;
  }

  private static String name(RecordComponent c) {
    return c.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private static String type(Class<?> type) {
    return type.isEnum() ? "enum" : type == String.class ? "string" : type.getName();
  }

  private static List<String> values(Class<?> type) {
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants()).map(Options::text).toList()
        : List.of();
  }

  /**
   * An options record from text.
   *
   * @param owner whose options they are, for errors
   * @param given name to value; what is missing has its default
   * @throws AttributionException if a name is not known, or a value not allowed; the message lists
   *     what is
   */
  public static <O extends Record> O parse(
      String owner, Class<O> options, Map<String, String> given) {
    Map<String, String> rest = new TreeMap<>(given);
    List<Object> values = new ArrayList<>();
    for (RecordComponent c : options.getRecordComponents()) {
      String text = rest.remove(name(c));
      values.add(value(owner, c, text != null ? text : option(c).byDefault()));
    }
    if (!rest.isEmpty()) {
      throw unknown(owner, rest.keySet().iterator().next(), options);
    }
    return create(owner, options, values);
  }

  private static AttributionException unknown(
      String owner, String name, Class<? extends Record> options) {
    Set<String> known =
        describe(options).stream()
            .map(OptionSpec::name)
            .collect(Collectors.toCollection(TreeSet::new));
    return new AttributionException(
        known.isEmpty()
            ? "%s has no options; %s was given".formatted(owner, name)
            : "%s has no option %s; known: %s".formatted(owner, name, String.join(", ", known)));
  }

  private static <O extends Record> O create(String owner, Class<O> type, List<Object> values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values.toArray());
    } catch (java.lang.reflect.InvocationTargetException e) {
      Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
      throw new AttributionException(owner + ": " + cause.getMessage(), cause);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("options record " + type.getName() + " can't be made", e);
    }
  }

  private static Object value(String owner, RecordComponent c, String text) {
    String value = text.strip();
    try {
      return switch (type(c.getType())) {
        case "int" -> bounded(owner, c, Integer.valueOf(value));
        case "long" -> bounded(owner, c, Long.valueOf(value));
        case "double" -> bounded(owner, c, Double.valueOf(value));
        case "boolean" -> truth(value);
        case "string" -> value;
        case "enum" -> constant(c.getType(), value);
        default ->
            throw new IllegalStateException("option type " + c.getType() + " is not supported");
      };
    } catch (IllegalArgumentException e) {
      throw refused(owner, c, value);
    }
  }

  private static Object bounded(String owner, RecordComponent c, Number value) {
    Option o = option(c);
    if (!(value.doubleValue() >= o.min() && value.doubleValue() <= o.max())) {
      throw refused(owner, c, value.toString());
    }
    return value;
  }

  private static boolean truth(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException(value);
    };
  }

  private static Object constant(Class<?> type, String value) {
    return Arrays.stream(type.getEnumConstants())
        .filter(c -> bare(text(c)).equals(bare(value)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(value));
  }

  private static String bare(String text) {
    return text.toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
  }

  private static AttributionException refused(String owner, RecordComponent c, String value) {
    return new AttributionException(
        "%s: option %s is %s; it must be %s".formatted(owner, name(c), value, allowed(spec(c))));
  }

  private static String allowed(OptionSpec spec) {
    if (!spec.values().isEmpty()) {
      return "one of " + String.join(", ", spec.values());
    }
    String kind =
        switch (spec.type()) {
          case "int", "long" -> "a whole number";
          case "double" -> "a number";
          case "boolean" -> "true or false";
          default -> "a text";
        };
    return kind + range(spec);
  }

  private static String range(OptionSpec spec) {
    boolean low = spec.min() > Double.NEGATIVE_INFINITY;
    boolean high = spec.max() < Double.POSITIVE_INFINITY;
    if (low && high) {
      return " from " + number(spec.min()) + " to " + number(spec.max());
    }
    return low
        ? " of at least " + number(spec.min())
        : high ? " of at most " + number(spec.max()) : "";
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  /** All options of a record in text form, in order; {@link #parse} reads them back. */
  public static SequencedMap<String, String> print(Record options) {
    SequencedMap<String, String> texts = new LinkedHashMap<>();
    for (RecordComponent c : options.getClass().getRecordComponents()) {
      try {
        var accessor = c.getAccessor();
        accessor.setAccessible(true);
        texts.put(name(c), text(accessor.invoke(options)));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("options record " + options + " can't be read", e);
      }
    }
    return texts;
  }

  private static String text(Object value) {
    return value instanceof Enum<?> e
        ? e.name().toLowerCase(Locale.ROOT).replace('_', '-')
        : String.valueOf(value);
  }
}
