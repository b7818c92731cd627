package wherefore.backend.cpu;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides which convolutions are computed by {@link Winograd}: those that it computes faster here,
 * as measured once for each size and kept in a {@link TuningFile}.
 */
final class Tuner {
  /** Multiplications below which it isn't tried. */
  private static final long LEAST = 30_000_000;

  /** Multiplications that are enough to tell. */
  private static final long ENOUGH = 1_000_000_000;

  /** After so many rounds a clear lead decides; the first ones run before Java is compiled. */
  private static final int FEW_ROUNDS = 3;

  private static final int MANY_ROUNDS = 12;
  private static final double CLEAR = 1.3;

  /** A convolution, ready to be timed. */
  interface Trial extends AutoCloseable {
    /** Computes it; seconds. */
    double run();

    @Override
    void close();
  }

  /** Makes them. */
  @FunctionalInterface
  interface Trials {
    /** A convolution by Winograd, or directly. */
    Trial of(WinogradTiling tiling, boolean winograd);
  }

  private final Trials trials;
  private final TuningFile file;
  private final Map<WinogradTiling, Boolean> known = new ConcurrentHashMap<>();

  /**
   * @param file what was measured before
   */
  Tuner(Trials trials, TuningFile file) {
    this.trials = trials;
    this.file = file;
  }

  /** True if a convolution is to be computed by Winograd. */
  boolean prefersWinograd(WinogradTiling tiling) {
    return tiling.multiplications() >= LEAST
        && known.computeIfAbsent(tiling, t -> file.computeIfAbsent(t.toString(), () -> wins(t)));
  }

  private boolean wins(WinogradTiling tiling) {
    long each = tiling.multiplications() / tiling.images();
    long enough = Math.clamp(ENOUGH / each, tiling.group(), tiling.images());
    WinogradTiling small = tiling.images((int) enough / tiling.group() * tiling.group());
    try (Trial winograd = trials.of(small, true);
        Trial direct = trials.of(small, false)) {
      double lead = 0;
      double best = Double.MAX_VALUE;
      double rival = Double.MAX_VALUE;
      for (int round = 0; round < MANY_ROUNDS; round++) {
        best = Math.min(best, winograd.run());
        rival = Math.min(rival, direct.run());
        lead = rival / best;
        if (round >= FEW_ROUNDS && (lead > CLEAR || lead < 1 / CLEAR)) {
          break;
        }
      }
      return lead > 1;
    }
  }
}
