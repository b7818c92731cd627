package wherefore.method.shapley;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import wherefore.attribution.Moments;

/**
 * What each player adds when players enter in a random order, averaged over orders; each order is
 * walked from both ends (antithetic), and such a pair is one sample of the mean and its error.
 *
 * <p>Unbiased, and efficient for any number of orders: what all add along an order is v(N) − v(∅).
 * Source: Castro, Gómez, Tejada 2009; antithetic: Mitchell et al. 2022.
 */
final class Permutations {
  private static final int CHUNK = 64;

  private final Worths worths;
  private final SplittableRandom random;
  private final int d;

  Permutations(Worths worths, SplittableRandom random) {
    this.worths = worths;
    this.random = random;
    this.d = worths.players();
  }

  /**
   * @param samples evaluations that may be spent; at least two pairs of orders are walked
   */
  Solution solve(int samples) {
    int pairs = Math.max(2, samples / (2 * d));
    Moments moments = new Moments(d);
    for (int from = 0; from < pairs; from += CHUNK) {
      List<int[]> orders = new ArrayList<>();
      for (int k = from; k < Math.min(pairs, from + CHUNK); k++) {
        orders.add(order());
      }
      worths.ask(orders.stream().flatMap(o -> coalitions(o).stream()).toList());
      orders.forEach(o -> moments.add(pair(o)));
    }
    return new Solution(moments.means(), moments.errorsOfMeans(), worths.size());
  }

  private int[] order() {
    int[] order = new int[d];
    for (int i = 0; i < d; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** The coalitions of an order's beginnings, and of its ends. */
  private List<BitSet> coalitions(int[] order) {
    List<BitSet> coalitions = new ArrayList<>();
    BitSet begins = worths.none();
    BitSet ends = worths.none();
    coalitions.add(begins);
    for (int i = 0; i < d; i++) {
      begins = Worths.with(begins, order[i]);
      ends = Worths.with(ends, order[d - 1 - i]);
      coalitions.add(begins);
      coalitions.add(ends);
    }
    return coalitions;
  }

  private double[] pair(int[] order) {
    double[] added = new double[d];
    BitSet begins = worths.none();
    BitSet ends = worths.none();
    for (int i = 0; i < d; i++) {
      begins = enter(begins, order[i], added);
      ends = enter(ends, order[d - 1 - i], added);
    }
    return added;
  }

  private BitSet enter(BitSet before, int player, double[] added) {
    BitSet after = Worths.with(before, player);
    added[player] += (worths.of(after) - worths.of(before)) / 2;
    return after;
  }
}
