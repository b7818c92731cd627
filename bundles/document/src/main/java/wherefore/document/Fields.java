package wherefore.document;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** A JSON object, read field by field: what is missing, of another kind or left over is named. */
final class Fields {
  /** Reads a value. */
  interface Parser<T> {
    T parse(Fields fields) throws DocumentException;
  }

  private final String place;
  private final Map<String, ?> values;
  private final Set<String> asked = new TreeSet<>();

  Fields(String place, Map<String, ?> values) {
    this.place = place;
    this.values = values;
  }

  boolean has(String name) {
    asked.add(name);
    return values.containsKey(name);
  }

  Set<String> names() {
    return values.keySet();
  }

  /** Where a field is: {@code provenance.seed}. */
  String place(String name) {
    return place.isEmpty() ? name : place + "." + name;
  }

  DocumentException failure(String finding) {
    return new DocumentException((place.isEmpty() ? "" : place + ": ") + finding);
  }

  private <T> T value(String name, String kind, Function<Object, Optional<T>> as)
      throws DocumentException {
    asked.add(name);
    Object value = values.get(name);
    if (value == null) {
      throw new DocumentException(place(name) + " is missing; it must be " + kind);
    }
    Optional<T> typed = as.apply(value);
    if (typed.isEmpty()) {
      throw new DocumentException(
          "%s is %s; it must be %s".formatted(place(name), shortened(value), kind));
    }
    return typed.get();
  }

  private static String shortened(Object value) {
    String text = value.toString();
    return text.length() > 40 ? text.substring(0, 40) + "…" : text;
  }

  String text(String name) throws DocumentException {
    return value(name, "a text", v -> v instanceof String s ? Optional.of(s) : Optional.empty());
  }

  Optional<String> optionalText(String name) throws DocumentException {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  boolean truth(String name) throws DocumentException {
    return value(
        name, "true or false", v -> v instanceof Boolean b ? Optional.of(b) : Optional.empty());
  }

  long integer(String name) throws DocumentException {
    return value(name, "a whole number of 64 bits", Fields::whole);
  }

  int count(String name) throws DocumentException {
    return value(
        name,
        "a whole number from 0 to 2147483647",
        v -> whole(v).filter(n -> n >= 0 && n <= Integer.MAX_VALUE).map(Long::intValue));
  }

  private static Optional<Long> whole(Object value) {
    if (value instanceof BigInteger big) {
      return big.bitLength() < 64 ? Optional.of(big.longValue()) : Optional.empty();
    }
    return value instanceof Integer || value instanceof Long
        ? Optional.of(((Number) value).longValue())
        : Optional.empty();
  }

  double number(String name) throws DocumentException {
    return value(name, "a number, NaN, Infinity or -Infinity", Fields::real);
  }

  private static Optional<Double> real(Object value) {
    try {
      return Optional.of(Numbers.number(value));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  List<Integer> integers(String name) throws DocumentException {
    List<?> list =
        value(
            name,
            "a list of whole numbers",
            v -> v instanceof List<?> l ? Optional.<List<?>>of(l) : Optional.empty());
    List<Integer> integers = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      integers.add(
          new Fields(place(name), Map.of("[" + i + "]", list.get(i))).count("[" + i + "]"));
    }
    return integers;
  }

  Fields object(String name) throws DocumentException {
    return new Fields(place(name), value(name, "an object", Fields::map));
  }

  @SuppressWarnings("unchecked")
  private static Optional<Map<String, ?>> map(Object value) {
    return value instanceof Map<?, ?> map ? Optional.of((Map<String, ?>) map) : Optional.empty();
  }

  /** An object whose fields are all alike. */
  <T> SequencedMap<String, T> all(String name, Parser<T> parser) throws DocumentException {
    Fields object = object(name);
    SequencedMap<String, T> all = new LinkedHashMap<>();
    for (String key : object.names()) {
      all.put(key, parser.parse(object.object(key)));
    }
    return all;
  }

  SequencedMap<String, String> texts(String name) throws DocumentException {
    Fields object = object(name);
    SequencedMap<String, String> all = new LinkedHashMap<>();
    for (String key : object.names()) {
      all.put(key, object.text(key));
    }
    return all;
  }

  SequencedMap<String, Double> numbers(String name) throws DocumentException {
    Fields object = object(name);
    SequencedMap<String, Double> all = new LinkedHashMap<>();
    for (String key : object.names()) {
      all.put(key, object.number(key));
    }
    return all;
  }

  /** To be called when all fields have been asked for. */
  void end() throws DocumentException {
    for (String name : names()) {
      if (!asked.contains(name)) {
        throw new DocumentException(
            "%s is not known; known: %s".formatted(place(name), String.join(", ", asked)));
      }
    }
  }
}
