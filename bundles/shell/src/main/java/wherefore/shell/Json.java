package wherefore.shell;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import wherefore.attribution.Explanation;

/**
 * A result for machines: its record's components by name.
 *
 * @param result what a command returned
 */
public record Json(Object result) implements Shown {
  @Override
  public String shown() {
    try {
      return JSON.std
          .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
          .asString(plain(result));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Maps, lists, texts, numbers, truth values and nulls. */
  private static @Nullable Object plain(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case Optional<?> o -> plain(o.orElse(null));
      case Record r -> record(r);
      case Map<?, ?> m -> map(m);
      case Collection<?> c -> c.stream().map(Json::plain).toList();
      case Enum<?> e -> e.name().toLowerCase(Locale.ROOT);
      case Double d -> d.isNaN() || d.isInfinite() ? d.toString() : d;
      case Number n -> n;
      case Boolean b -> b;
      default -> value.toString();
    };
  }

  private static Map<String, @Nullable Object> map(Map<?, ?> from) {
    Map<String, @Nullable Object> to = new LinkedHashMap<>();
    from.forEach((k, v) -> to.put(String.valueOf(k), plain(v)));
    return to;
  }

  private static Map<String, @Nullable Object> record(Record from) {
    Map<String, @Nullable Object> to = new LinkedHashMap<>();
    for (RecordComponent c : from.getClass().getRecordComponents()) {
      if (c.getType() != Explanation.class) {
        to.put(c.getName(), plain(read(from, c)));
      }
    }
    return to;
  }

  private static @Nullable Object read(Record from, RecordComponent c) {
    try {
      var accessor = c.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(from);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(c + " can't be read", e);
    }
  }
}
