package wherefore.method.shapley;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import wherefore.attribution.Moments;

/**
 * For each player by itself the mean of what it adds to those before it in random orders, drawn
 * anew for each.
 *
 * <p>Unbiased; the errors of two players are independent, so their sum misses v(N) − v(∅) by
 * chance. Source: Štrumbelj, Kononenko 2014.
 */
final class MarginalSampling {
  private final Worths worths;
  private final SplittableRandom random;
  private final int d;

  MarginalSampling(Worths worths, SplittableRandom random) {
    this.worths = worths;
    this.random = random;
    this.d = worths.players();
  }

  /**
   * @param samples evaluations that may be spent; at least two orders a player are drawn
   */
  Solution solve(int samples) {
    int each = Math.max(2, samples / (2 * d));
    double[] values = new double[d];
    double[] errors = new double[d];
    for (int player = 0; player < d; player++) {
      List<BitSet> before = new ArrayList<>();
      for (int k = 0; k < each; k++) {
        before.add(before(player));
      }
      Moments moments = added(before, player);
      values[player] = moments.means()[0];
      errors[player] = moments.errorsOfMeans()[0];
    }
    return new Solution(values, errors, worths.size());
  }

  private Moments added(List<BitSet> before, int player) {
    List<BitSet> all = new ArrayList<>(before);
    before.forEach(s -> all.add(Worths.with(s, player)));
    worths.ask(all);
    Moments moments = new Moments(1);
    for (BitSet s : before) {
      moments.add(new double[] {worths.of(Worths.with(s, player)) - worths.of(s)});
    }
    return moments;
  }

  /** Those before a player in a random order: each of them if its time is earlier. */
  private BitSet before(int player) {
    double time = random.nextDouble();
    BitSet before = worths.none();
    for (int other = 0; other < d; other++) {
      if (other != player && random.nextDouble() < time) {
        before.set(other);
      }
    }
    return before;
  }
}
