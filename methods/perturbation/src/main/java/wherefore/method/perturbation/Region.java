package wherefore.method.perturbation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import wherefore.attribution.Players;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * Some elements of a variable.
 *
 * @param lows where the smallest box that holds them begins, an axis behind the first one each
 * @param highs where it ends (excluded)
 * @param elements whether an element, by its row-major place, is one of them
 */
record Region(int[] lows, int[] highs, IntPredicate elements) {
  /** No elements. */
  static Region none(Shape shape) {
    return new Region(new int[shape.rank() - 1], new int[shape.rank() - 1], e -> false);
  }

  /** All elements of a box. */
  static Region box(int[] lows, int[] highs, Shape shape) {
    int[] strides = shape.strides();
    return new Region(
        lows,
        highs,
        e -> {
          for (int a = 0; a < lows.length; a++) {
            int at = e / strides[a + 1] % shape.dim(a + 1);
            if (at < lows[a] || at >= highs[a]) {
              return false;
            }
          }
          return true;
        });
  }

  /**
   * The players' elements.
   *
   * @param owners element to player
   * @param players the numbers of those that are wanted, ascending
   */
  static List<Region> of(Tensor owners, int[] players) {
    Shape shape = owners.shape();
    int[] strides = shape.strides();
    int axes = shape.rank() - 1;
    List<int[]> lows = new ArrayList<>();
    List<int[]> highs = new ArrayList<>();
    for (int p = 0; p < players.length; p++) {
      lows.add(shape.axes(1, shape.rank()).dims());
      highs.add(new int[axes]);
    }
    for (int e = 0; e < owners.size(); e++) {
      int p = Arrays.binarySearch(players, (int) owners.get(e));
      for (int a = 0; p >= 0 && a < axes; a++) {
        int at = e / strides[a + 1] % shape.dim(a + 1);
        lows.get(p)[a] = Math.min(lows.get(p)[a], at);
        highs.get(p)[a] = Math.max(highs.get(p)[a], at + 1);
      }
    }
    List<Region> regions = new ArrayList<>();
    for (int p = 0; p < players.length; p++) {
      int player = players[p];
      regions.add(new Region(lows.get(p), highs.get(p), e -> owners.get(e) == player));
    }
    return regions;
  }

  /** The players that a variable's elements belong to, ascending. */
  static int[] players(Tensor owners) {
    return Arrays.stream(owners.toLongs())
        .filter(o -> o != Players.NOBODY)
        .distinct()
        .sorted()
        .mapToInt(o -> (int) o)
        .toArray();
  }
}
