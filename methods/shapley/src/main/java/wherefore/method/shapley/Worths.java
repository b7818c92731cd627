package wherefore.method.shapley;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import wherefore.attribution.Game;

/** v of coalitions, the mean over the baselines; each is evaluated once. */
final class Worths {
  private final Game game;
  private final Map<BitSet, Double> known = new HashMap<>();

  Worths(Game game) {
    this.game = game;
  }

  int players() {
    return game.players().count();
  }

  /** Evaluates what is not known yet, all at once. */
  void ask(List<BitSet> coalitions) {
    SequencedSet<BitSet> fresh = new LinkedHashSet<>(coalitions);
    fresh.removeAll(known.keySet());
    List<BitSet> asked = new ArrayList<>(fresh);
    double[] values = game.values(asked);
    for (int i = 0; i < values.length; i++) {
      known.put(asked.get(i), values[i]);
    }
  }

  /** v(S), of a coalition that was asked for. */
  double of(BitSet coalition) {
    Double value = known.get(coalition);
    if (value == null) {
      throw new IllegalStateException("coalition " + coalition + " was not asked for");
    }
    return value;
  }

  /** How many coalitions are known. */
  int size() {
    return known.size();
  }

  BitSet none() {
    return new BitSet(players());
  }

  BitSet all() {
    BitSet all = new BitSet(players());
    all.set(0, players());
    return all;
  }

  static BitSet without(BitSet coalition, BitSet others) {
    BitSet rest = (BitSet) coalition.clone();
    rest.andNot(others);
    return rest;
  }

  static BitSet with(BitSet coalition, BitSet others) {
    BitSet more = (BitSet) coalition.clone();
    more.or(others);
    return more;
  }

  static BitSet with(BitSet coalition, int player) {
    BitSet more = (BitSet) coalition.clone();
    more.set(player);
    return more;
  }
}
