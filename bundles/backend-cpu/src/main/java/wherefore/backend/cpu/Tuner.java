package wherefore.backend.cpu;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides which convolutions are computed by {@link Winograd}: those that it computes faster here,
 * as measured once for each size.
 */
final class Tuner {
  /** Multiplications below which it isn't tried. */
  private static final long LEAST = 30_000_000;

  /** Multiplications that are enough to tell. */
  private static final long ENOUGH = 1_500_000_000;

  /** What Winograd's time must be of the direct one's, at most: the rest is noise. */
  private static final double CLEARLY = 0.95;

  /** Measures how long a convolution takes. */
  @FunctionalInterface
  interface Stopwatch {
    /** Seconds, by Winograd or directly. */
    double time(WinogradTiling tiling, boolean winograd);
  }

  private final Stopwatch stopwatch;
  private final Map<WinogradTiling, Boolean> known = new ConcurrentHashMap<>();

  Tuner(Stopwatch stopwatch) {
    this.stopwatch = stopwatch;
  }

  /** True if a convolution is to be computed by Winograd. */
  boolean prefersWinograd(WinogradTiling tiling) {
    if (tiling.multiplications() < LEAST) {
      return false;
    }
    return known.computeIfAbsent(tiling, this::measure);
  }

  private boolean measure(WinogradTiling tiling) {
    long each = tiling.multiplications() / tiling.images();
    int images = (int) Math.clamp(ENOUGH / each, 1, tiling.images());
    WinogradTiling small = tiling.images(images);
    return stopwatch.time(small, true) < CLEARLY * stopwatch.time(small, false);
  }
}
