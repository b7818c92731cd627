package wherefore.method.shapley;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Coalitions by size: a stratum holds those of size s together with their complements, of size d −
 * s. Its weight in the kernel is 2 (d − 1) / (s (d − s)), half of that where both sizes are one.
 */
final class Strata {
  private static final int LEAST = 2;

  private final int d;
  private final SplittableRandom random;

  /**
   * @param pairs coalitions with their complements
   * @param weight of one coalition
   * @param population how many pairs there are
   */
  record Stratum(List<List<BitSet>> pairs, double weight, double population) {
    boolean isWhole() {
      return pairs.size() >= population;
    }
  }

  Strata(int d, SplittableRandom random) {
    this.d = d;
    this.random = random;
  }

  /** Coalitions of all sizes but 0 and d. */
  List<Stratum> draw(int budget) {
    List<Stratum> drawn = new ArrayList<>();
    double left = budget / 2.0;
    int size = 1;
    while (size <= d / 2 && pairs(size) <= left - LEAST * (d / 2 - size)) {
      drawn.add(stratum(size, all(size)));
      left -= pairs(size);
      size++;
    }
    double weight = 0;
    for (int s = size; s <= d / 2; s++) {
      weight += weight(s);
    }
    for (int s = size; s <= d / 2; s++) {
      double deserved = Math.floor(left * weight(s) / weight);
      drawn.add(stratum(s, some(s, (int) Math.min(pairs(s), Math.max(LEAST, deserved)))));
    }
    return drawn;
  }

  private Stratum stratum(int size, List<List<BitSet>> pairs) {
    return new Stratum(pairs, weight(size) / (2.0 * pairs.size()), pairs(size));
  }

  /** Of the stratum, up to a factor that all have. */
  private double weight(int size) {
    double both = 2.0 * (d - 1) / ((double) size * (d - size));
    return 2 * size == d ? both / 2 : both;
  }

  private double pairs(int size) {
    double choices = choices(size);
    return 2 * size == d ? choices / 2 : choices;
  }

  private double choices(int size) {
    double choices = 1;
    for (int k = 0; k < size; k++) {
      choices = choices * (d - k) / (k + 1);
    }
    return Math.rint(choices);
  }

  /** Every pair of a size; where both sizes are one, those with the first player and their rest. */
  private List<List<BitSet>> all(int size) {
    List<List<BitSet>> pairs = new ArrayList<>();
    int[] members = new int[size];
    for (int i = 0; i < size; i++) {
      members[i] = i;
    }
    do {
      if (2 * size != d || members[0] == 0) {
        pairs.add(pair(members));
      }
    } while (next(members));
    return pairs;
  }

  /** The next choice in lexicographic order, if there is one. */
  private boolean next(int[] members) {
    int i = members.length - 1;
    while (i >= 0 && members[i] == d - members.length + i) {
      i--;
    }
    if (i < 0) {
      return false;
    }
    members[i]++;
    for (int j = i + 1; j < members.length; j++) {
      members[j] = members[j - 1] + 1;
    }
    return true;
  }

  private List<List<BitSet>> some(int size, int count) {
    if (count >= pairs(size)) {
      return all(size);
    }
    Set<List<BitSet>> pairs = new LinkedHashSet<>();
    while (pairs.size() < count) {
      pairs.add(pair(choice(size)));
    }
    return List.copyOf(pairs);
  }

  /** A random choice, by Floyd's algorithm; with the first player where both sizes are one. */
  private int[] choice(int size) {
    boolean halves = 2 * size == d;
    BitSet chosen = new BitSet();
    int from = halves ? 1 : 0;
    int wanted = halves ? size - 1 : size;
    for (int j = d - wanted; j < d; j++) {
      int member = from + random.nextInt(j - from + 1);
      chosen.set(chosen.get(member) ? j : member);
    }
    if (halves) {
      chosen.set(0);
    }
    return chosen.stream().toArray();
  }

  private List<BitSet> pair(int[] members) {
    BitSet one = new BitSet(d);
    for (int member : members) {
      one.set(member);
    }
    BitSet other = (BitSet) one.clone();
    other.flip(0, d);
    return List.of(one, other);
  }
}
