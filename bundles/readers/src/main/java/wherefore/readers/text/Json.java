package wherefore.readers.text;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import wherefore.model.ModelException;

/** Files beside a model's card. */
final class Json {
  private static final long MOST = 64L << 20;

  private Json() {}

  static String text(Path file) throws ModelException {
    try {
      if (Files.size(file) > MOST) {
        throw new ModelException(
            "%s: has %d bytes; at most %d are read".formatted(file, Files.size(file), MOST));
      }
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new ModelException(file + ": is not text in UTF-8", e);
    } catch (ModelException e) {
      throw e;
    } catch (IOException e) {
      throw new ModelException(file + ": can't be read: " + e.getMessage(), e);
    }
  }

  static Map<?, ?> object(Path file) throws ModelException {
    try {
      if (JSON.std.anyFrom(text(file)) instanceof Map<?, ?> map) {
        return map;
      }
    } catch (ModelException e) {
      throw e;
    } catch (IOException e) {
      String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new ModelException(file + ": is not a JSON file: " + reason, e);
    }
    throw new ModelException(file + ": must be a JSON object");
  }

  /** An object from tokens to numbers. */
  static Map<String, Integer> ids(Path file, @Nullable Object object) throws ModelException {
    Map<String, Integer> ids = new LinkedHashMap<>();
    if (object instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> e : map.entrySet()) {
        if (!(e.getValue() instanceof Integer id) || id < 0) {
          throw new ModelException(
              "%s: the token %s has the number %s; it must be a whole number from 0"
                  .formatted(file, e.getKey(), e.getValue()));
        }
        ids.put(String.valueOf(e.getKey()), id);
      }
    }
    if (ids.isEmpty()) {
      throw new ModelException(file + ": has no vocabulary, an object from tokens to numbers");
    }
    return ids;
  }

  static Map<?, ?> inside(Object object, String key) {
    return object instanceof Map<?, ?> map && map.get(key) instanceof Map<?, ?> inner
        ? inner
        : Map.of();
  }

  static List<?> list(Object object, String key) {
    return object instanceof Map<?, ?> map && map.get(key) instanceof List<?> inner
        ? inner
        : List.of();
  }
}
