package wherefore.readers.text;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import wherefore.model.ModelException;

/**
 * Tokens and their numbers.
 *
 * @param source where they are from
 * @param ids by token
 */
record Vocabulary(String source, Map<String, Integer> ids) {
  private static final int SHOWN = 8;

  Vocabulary {
    ids = Collections.unmodifiableMap(new LinkedHashMap<>(ids));
  }

  /** A token a line, numbered from 0. */
  static Vocabulary ofLines(String source, List<String> lines) throws ModelException {
    Map<String, Integer> ids = new LinkedHashMap<>();
    for (String line : lines) {
      Integer before = ids.putIfAbsent(line, ids.size());
      if (before != null) {
        throw new ModelException(
            "%s: has the token '%s' twice, in the lines %d and %d"
                .formatted(source, line, before + 1, ids.size() + 1));
      }
    }
    return new Vocabulary(source, ids);
  }

  boolean has(String token) {
    return ids.containsKey(token);
  }

  int id(String token) {
    Integer id = ids.get(token);
    if (id == null) {
      throw new IllegalArgumentException("no token " + token + " in " + source);
    }
    return id;
  }

  /** The first of some tokens that it has. */
  Optional<String> first(List<String> tokens) {
    return tokens.stream().filter(this::has).findFirst();
  }

  /** The first few tokens, for errors. */
  String some() {
    return String.join(", ", ids.keySet().stream().limit(SHOWN).toList())
        + (ids.size() > SHOWN ? ", … (" + ids.size() + ")" : "");
  }
}
