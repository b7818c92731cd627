package wherefore.runtime.attributor;

import java.time.Duration;
import java.util.Locale;

/** Durations for people. */
final class Times {
  private Times() {}

  /** {@code 120 s}, {@code 0.25 s}. */
  static String text(Duration duration) {
    double seconds = duration.toNanos() / 1e9;
    return seconds == Math.rint(seconds)
        ? (long) seconds + " s"
        : String.format(Locale.ROOT, "%.3g s", seconds);
  }
}
