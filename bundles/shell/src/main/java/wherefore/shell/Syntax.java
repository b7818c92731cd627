package wherefore.shell;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a command is spoken to: derived from its arguments record, whose components bear {@link
 * Argument}.
 *
 * @param command its name
 * @param summary what it does, a sentence
 * @param type the arguments record
 */
record Syntax<A extends Record>(String command, String summary, Class<A> type) {
  private static final int COLUMN = 24;

  /**
   * One argument.
   *
   * @param name kebab-case, without dashes
   * @param component where it goes
   * @param says what is said of it
   */
  record Item(String name, RecordComponent component, Argument says) {
    boolean isSwitch() {
      return component.getType() == boolean.class;
    }

    boolean isRepeatable() {
      return component.getType() == List.class || component.getType() == Map.class;
    }

    boolean isRequired() {
      return !isSwitch()
          && !isRepeatable()
          && component.getType() != Optional.class
          && says.byDefault().isEmpty();
    }

    boolean hasPlace() {
      return says.form() != Argument.Form.OPTION;
    }

    boolean isOption() {
      return says.form() != Argument.Form.PLACE;
    }

    /** {@code --out FILE}. */
    String shown() {
      return isSwitch() ? "--" + name : "--" + name + " " + says.shows();
    }

    /** Its type, or that of what is in it. */
    Class<?> scalar() {
      Type generic = component.getGenericType();
      return generic instanceof ParameterizedType p
              && p.getActualTypeArguments()[0] instanceof Class<?> inner
          ? inner
          : component.getType();
    }
  }

  /** All arguments, in order; those of a record within the record stand in its place. */
  List<Item> items() {
    return items(type).toList();
  }

  private static Stream<Item> items(Class<?> record) {
    return Arrays.stream(record.getRecordComponents())
        .flatMap(c -> c.getType().isRecord() ? items(c.getType()) : Stream.of(item(c)));
  }

  private static Item item(RecordComponent c) {
    String name = c.getName().replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    return new Item(name, c, Objects.requireNonNull(c.getAnnotation(Argument.class)));
  }

  /** True if the words ask for help. */
  static boolean asksHelp(List<String> words) {
    int end = words.indexOf("--");
    List<String> before = end < 0 ? words : words.subList(0, end);
    return before.contains("--help") || before.contains("-h");
  }

  /** The arguments that the words say; a {@link Failure} if they don't. */
  A parse(List<String> words) {
    Map<String, List<String>> given = new HashMap<>();
    List<String> places = new ArrayList<>();
    Deque<String> rest = new ArrayDeque<>(words);
    while (!rest.isEmpty()) {
      String word = rest.removeFirst();
      if (word.equals("--")) {
        places.addAll(rest);
        rest.clear();
      } else if (word.length() > 2 && word.startsWith("--")) {
        option(word.substring(2), rest, given);
      } else if (word.matches("-[a-zA-Z]+")) {
        throw unknown(word);
      } else {
        places.add(word);
      }
    }
    assign(places, given);
    return create(type, given);
  }

  private void option(String text, Deque<String> rest, Map<String, List<String>> given) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    Item item =
        items().stream()
            .filter(i -> i.isOption() && i.name().equals(name))
            .findFirst()
            .orElseThrow(() -> unknown("--" + name));
    List<String> values = given.computeIfAbsent(name, n -> new ArrayList<>());
    if (!values.isEmpty() && !item.isRepeatable()) {
      throw refused("--" + name + " is given twice");
    }
    if (item.isSwitch() && equals >= 0) {
      throw refused("--" + name + " takes no value");
    }
    values.add(
        item.isSwitch() ? "true" : equals < 0 ? value(item, rest) : text.substring(equals + 1));
  }

  private String value(Item item, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw refused("--%s needs a value: %s".formatted(item.name(), item.says().value()));
    }
    return rest.removeFirst();
  }

  private Failure unknown(String word) {
    String known =
        items().stream().filter(Item::isOption).map(Item::name).collect(Collectors.joining(", --"));
    return refused(
        "no option %s; known: %s".formatted(word, known.isEmpty() ? "--help" : "--" + known));
  }

  private Failure refused(String reason) {
    return Failure.usage("%s: %s; usage: %s".formatted(command, reason, usage()));
  }

  private void assign(List<String> places, Map<String, List<String>> given) {
    Deque<String> rest = new ArrayDeque<>(places);
    for (Item item : items()) {
      if (item.hasPlace() && !given.containsKey(item.name()) && !rest.isEmpty()) {
        given.put(item.name(), List.of(rest.removeFirst()));
      }
    }
    if (!rest.isEmpty()) {
      throw refused("'" + rest.getFirst() + "' is one argument too many");
    }
  }

  private <R> R create(Class<R> record, Map<String, List<String>> given) {
    RecordComponent[] components = record.getRecordComponents();
    Object[] values = Arrays.stream(components).map(c -> value(c, given)).toArray();
    try {
      var constructor =
          record.getDeclaredConstructor(
              Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw refused(String.valueOf(Objects.requireNonNullElse(e.getCause(), e).getMessage()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("arguments record " + record + " can't be made", e);
    }
  }

  private Object value(RecordComponent c, Map<String, List<String>> given) {
    if (c.getType().isRecord()) {
      return create(c.getType(), given);
    }
    Item item = item(c);
    return read(item, given.getOrDefault(item.name(), List.of()));
  }

  private Object read(Item item, List<String> given) {
    if (item.isRequired() && given.isEmpty()) {
      throw refused(item.says().shows() + " is missing");
    }
    String byDefault = item.says().byDefault();
    List<String> texts = given.isEmpty() && !byDefault.isEmpty() ? List.of(byDefault) : given;
    Class<?> container = item.component().getType();
    if (container == Map.class) {
      return pairs(item, texts);
    }
    List<Object> values = texts.stream().map(t -> scalar(item, t)).toList();
    if (container == List.class) {
      return values;
    }
    Optional<Object> first = values.stream().findFirst();
    return container == Optional.class ? first : first.orElse(false);
  }

  private Map<String, String> pairs(Item item, List<String> texts) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw refused("--%s is '%s'; it must be NAME=VALUE".formatted(item.name(), text));
      }
      pairs.put(text.substring(0, equals).strip(), text.substring(equals + 1).strip());
    }
    return pairs;
  }

  private Object scalar(Item item, String text) {
    Class<?> kind = item.scalar();
    try {
      return switch (kind.getSimpleName()) {
        case "String" -> text;
        case "boolean" -> Boolean.valueOf(text);
        case "int", "Integer" -> Integer.valueOf(text);
        case "long", "Long" -> Long.valueOf(text);
        case "double", "Double" -> Double.valueOf(text);
        default -> throw new IllegalStateException("argument type " + kind + " is not supported");
      };
    } catch (NumberFormatException e) {
      String must = kind.getSimpleName().matches("[dD]ouble") ? "a number" : "a whole number";
      throw refused("--%s is '%s'; it must be %s".formatted(item.name(), text, must));
    }
  }

  /** {@code explain MODEL INPUT [OPTION…]}. */
  String usage() {
    String places =
        items().stream()
            .filter(Item::hasPlace)
            .map(i -> i.isRequired() ? " " + i.says().shows() : " [" + i.says().shows() + "]")
            .collect(Collectors.joining());
    boolean options = items().stream().anyMatch(i -> i.says().form() == Argument.Form.OPTION);
    return command + places + (options ? " [OPTION…]" : "");
  }

  /** What {@code --help} prints. */
  String help() {
    return usage()
        + "\n  "
        + summary
        + items().stream().map(Syntax::line).collect(Collectors.joining("\n", "\n\n", ""));
  }

  private static String line(Item item) {
    Argument says = item.says();
    String shown = item.hasPlace() ? says.shows() : item.shown();
    String more =
        (item.hasPlace() && item.isOption() ? "; also as --" + item.name() : "")
            + (item.isRepeatable() ? "; repeatable" : "")
            + (says.byDefault().isEmpty() ? "" : " (default " + says.byDefault() + ")");
    String gap = " ".repeat(Math.max(1, COLUMN - shown.length()));
    return "  " + shown + gap + says.value() + more;
  }
}
