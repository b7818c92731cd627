package wherefore.runtime.attributor;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What an operator may set: as a property of the component's configuration, of the framework, or of
 * the system.
 *
 * @param grace how long a request waits for a method or backend that has just left ({@code
 *     wherefore.grace}, seconds)
 * @param drain how long a withdrawal waits for calls in flight ({@code wherefore.drain}, seconds)
 * @param memory bytes that the values of one batch may take ({@code wherefore.memory})
 * @param rows the most rows in one batch ({@code wherefore.rows})
 * @param rewrites what is done to graphs ({@code wherefore.rewrites.disable} leaves some out)
 */
record Settings(Duration grace, Duration drain, long memory, int rows, Rewrites rewrites) {
  private static final Duration GRACE = Duration.ofSeconds(5);
  private static final Duration DRAIN = Duration.ofSeconds(120);
  private static final int ROWS = 4096;

  /** More makes a network's batches no faster: its values leave the caches. */
  private static final long MEMORY = 1L << 30;

  /** What is set; the rest by default. */
  static Settings of(Map<String, ?> component) {
    return new Settings(
        setting(component, "wherefore.grace", "seconds", Settings::seconds).orElse(GRACE),
        setting(component, "wherefore.drain", "seconds", Settings::seconds).orElse(DRAIN),
        setting(component, "wherefore.memory", "bytes", Settings::positive)
            .orElse(Math.min(MEMORY, Runtime.getRuntime().maxMemory() / 4)),
        setting(component, "wherefore.rows", "rows", Settings::positive)
            .map(Math::toIntExact)
            .orElse(ROWS),
        text(component, Rewrites.DISABLE).map(Rewrites::allBut).orElse(Rewrites.ALL));
  }

  /** With all rewrites. */
  Settings(Duration grace, Duration drain, long memory, int rows) {
    this(grace, drain, memory, rows, Rewrites.ALL);
  }

  /** With another bound for a batch's values. */
  Settings withMemory(long bytes) {
    return new Settings(grace, drain, bytes, rows, rewrites);
  }

  private static Optional<String> text(Map<String, ?> component, String name) {
    return Optional.<Object>ofNullable(component.get(name))
        .map(Object::toString)
        .or(() -> Platform.property(name));
  }

  private static <T> Optional<T> setting(
      Map<String, ?> component, String name, String unit, Function<String, T> parser) {
    Optional<String> text = text(component, name);
    try {
      return text.map(String::strip).map(parser);
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "setting %s is %s; it must be a positive number of %s"
              .formatted(name, text.orElse(""), unit),
          e);
    }
  }

  private static Duration seconds(String text) {
    double seconds = Double.parseDouble(text);
    if (!(seconds >= 0 && seconds < 1e9)) {
      throw new IllegalArgumentException(text);
    }
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  private static long positive(String text) {
    long number = Long.parseLong(text);
    if (number <= 0) {
      throw new IllegalArgumentException(text);
    }
    return number;
  }
}
