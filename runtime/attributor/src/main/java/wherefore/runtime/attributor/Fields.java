package wherefore.runtime.attributor;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import wherefore.model.ModelException;

/** The fields of a JSON object, read strictly: whatever is not understood is an error. */
final class Fields {
  private final String file;
  private final String prefix;
  private final Map<String, Object> values;

  /**
   * The fields of an object.
   *
   * @param file where they are from, for errors
   * @param prefix what keys are called in errors: {@code input.}
   * @param known the keys that are accepted
   * @throws ModelException if it isn't an object, or has another key
   */
  Fields(String file, String prefix, Object object, List<String> known) throws ModelException {
    this.file = file;
    this.prefix = prefix;
    this.values = new TreeMap<>();
    if (!(object instanceof Map<?, ?> map)) {
      throw new ModelException(
          "%s: %s is %s; it must be an object with the keys %s"
              .formatted(
                  file,
                  prefix.isEmpty() ? "the card" : prefix.substring(0, prefix.length() - 1),
                  text(object),
                  String.join(", ", known)));
    }
    for (Map.Entry<?, ?> e : map.entrySet()) {
      String key = String.valueOf(e.getKey());
      if (!known.contains(key)) {
        throw new ModelException(
            "%s: the key %s%s is not known; accepted: %s"
                .formatted(file, prefix, key, String.join(", ", known)));
      }
      if (e.getValue() == null) {
        throw new ModelException(
            "%s: %s%s is null; leave it out, or give it a value".formatted(file, prefix, key));
      }
      values.put(key, e.getValue());
    }
  }

  ModelException wrong(String key, Object found, String accepted) {
    return new ModelException(
        "%s: %s%s is %s; it must be %s".formatted(file, prefix, key, text(found), accepted));
  }

  ModelException missing(String key, String accepted) {
    return new ModelException(
        "%s: %s%s is missing; it must be %s".formatted(file, prefix, key, accepted));
  }

  private static String text(Object value) {
    String text = value instanceof String s ? '"' + s + '"' : String.valueOf(value);
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  Optional<Object> get(String key) {
    return Optional.ofNullable(values.get(key));
  }

  Optional<String> string(String key) throws ModelException {
    Object value = values.get(key);
    if (value == null || value instanceof String) {
      return Optional.ofNullable((String) value);
    }
    throw wrong(key, value, "a text");
  }

  /** One of some words. */
  Optional<String> word(String key, List<String> accepted) throws ModelException {
    Optional<String> word = string(key);
    if (word.isPresent() && !accepted.contains(word.get())) {
      throw wrong(key, word.get(), "one of " + String.join(", ", accepted));
    }
    return word;
  }

  Optional<Integer> count(String key) throws ModelException {
    Object value = values.get(key);
    if (value == null || value instanceof Integer i && i > 0) {
      return Optional.ofNullable((Integer) value);
    }
    throw wrong(key, value, "a whole number of at least 1");
  }

  Optional<Boolean> truth(String key) throws ModelException {
    Object value = values.get(key);
    if (value == null || value instanceof Boolean) {
      return Optional.ofNullable((Boolean) value);
    }
    throw wrong(key, value, "true or false");
  }

  /** The keys that are there. */
  Set<String> keys() {
    return values.keySet();
  }

  /** One number, or several; empty if there are none. */
  List<Double> numbers(String key) throws ModelException {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    List<?> list = value instanceof List<?> many ? many : List.of(value);
    if (list.isEmpty() || !list.stream().allMatch(Fields::isNumber)) {
      throw wrong(key, value, "a number or a list of numbers");
    }
    return list.stream().map(n -> ((Number) n).doubleValue()).toList();
  }

  private static boolean isNumber(Object value) {
    return value instanceof Number n && Double.isFinite(n.doubleValue());
  }

  List<String> strings(String key) throws ModelException {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      return list.stream().map(String.class::cast).toList();
    }
    throw wrong(key, value, "a list of texts");
  }
}
