package wherefore.method.shapley;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Owen values over a binary hierarchy of neighbouring players: within each group, its two halves
 * are two players whose gains are shared by Shapley's formula, given that the groups beside are
 * present or absent as a whole.
 *
 * <p>Exact for the hierarchy if the budget allows; else the groups whose gain is largest are opened
 * first, and the players of a group that stays closed share its gain equally. The sum is v(N) −
 * v(∅) either way. Source: Owen 1977; the order of opening: Lundberg's partition explainer.
 */
final class Owen {
  private static final int ROUND = 32;

  private final Worths worths;
  private final Hierarchy hierarchy;
  private final double[] values;

  /** A share of a group's gain: that to a coalition beside it, with a weight. */
  private record Share(BitSet group, BitSet beside, double weight, double gain, long number) {}

  Owen(Worths worths, Hierarchy hierarchy) {
    this.worths = worths;
    this.hierarchy = hierarchy;
    this.values = new double[worths.players()];
  }

  /**
   * @param samples evaluations that may be spent
   */
  Solution solve(int samples) {
    PriorityQueue<Share> open =
        new PriorityQueue<>(
            Comparator.comparingDouble((Share s) -> -Math.abs(s.weight() * s.gain()))
                .thenComparingLong(Share::number));
    worths.ask(List.of(worths.none(), worths.all()));
    long number = 0;
    open.add(share(worths.all(), worths.none(), 1, number++));
    while (!open.isEmpty() && worths.size() < samples) {
      List<Share> round = new ArrayList<>();
      int most = Math.max(1, Math.min(ROUND, (samples - worths.size()) / 2));
      while (!open.isEmpty() && round.size() < most) {
        Share next = open.poll();
        if (next.group().cardinality() == 1) {
          settle(next);
        } else {
          round.add(next);
        }
      }
      ask(round);
      for (Share s : round) {
        for (Share half : halves(s, number)) {
          open.add(half);
          number++;
        }
      }
    }
    open.forEach(this::settle);
    return Solution.exact(values, worths.size());
  }

  private Share share(BitSet group, BitSet beside, double weight, long number) {
    double gain = worths.of(Worths.with(beside, group)) - worths.of(beside);
    return new Share(group, beside, weight, gain, number);
  }

  private void settle(Share share) {
    double each = share.weight() * share.gain() / share.group().cardinality();
    share.group().stream().forEach(i -> values[i] += each);
  }

  private void ask(List<Share> shares) {
    List<BitSet> asked = new ArrayList<>();
    for (Share s : shares) {
      for (BitSet half : hierarchy.halves(s.group())) {
        asked.add(Worths.with(s.beside(), half));
      }
    }
    worths.ask(asked);
  }

  /** Each half first, and each half after the other one. */
  private List<Share> halves(Share s, long number) {
    List<BitSet> halves = hierarchy.halves(s.group());
    BitSet left = halves.get(0);
    BitSet right = halves.get(1);
    double weight = s.weight() / 2;
    return List.of(
        share(left, s.beside(), weight, number),
        share(left, Worths.with(s.beside(), right), weight, number + 1),
        share(right, s.beside(), weight, number + 2),
        share(right, Worths.with(s.beside(), left), weight, number + 3));
  }
}
