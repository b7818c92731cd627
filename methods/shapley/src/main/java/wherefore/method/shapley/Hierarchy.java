package wherefore.method.shapley;

import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import wherefore.attribution.Players;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * A binary tree over players: a group is cut across the axis along which its players' centres lie
 * farthest apart (height or width of images, the position of tokens and features), in the middle.
 */
final class Hierarchy {
  private final double[][] centres;
  private final Map<BitSet, List<BitSet>> known = new HashMap<>();

  Hierarchy(Players players) {
    this.centres = centres(players);
  }

  /** The two halves of a group of two players or more. */
  List<BitSet> halves(BitSet group) {
    return known.computeIfAbsent(group, this::cut);
  }

  private List<BitSet> cut(BitSet group) {
    int axis = width(group, 0) >= width(group, 1) ? 0 : 1;
    int[] sorted =
        group.stream()
            .boxed()
            .sorted(
                Comparator.comparingDouble((Integer i) -> centres[i][axis])
                    .thenComparingInt(i -> i))
            .mapToInt(i -> i)
            .toArray();
    BitSet left = new BitSet();
    BitSet right = new BitSet();
    IntStream.range(0, sorted.length)
        .forEach(k -> (k < sorted.length / 2 ? left : right).set(sorted[k]));
    return List.of(left, right);
  }

  private double width(BitSet group, int axis) {
    double least = group.stream().mapToDouble(i -> centres[i][axis]).min().orElse(0);
    double most = group.stream().mapToDouble(i -> centres[i][axis]).max().orElse(0);
    return most - least;
  }

  /** Mean place of each player's elements; several variables lie one after the other. */
  private static double[][] centres(Players players) {
    double[][] sums = new double[players.count()][2];
    int[] sizes = new int[players.count()];
    int start = 0;
    for (Tensor owners : players.owners().values()) {
      boolean image = owners.shape().rank() > 3;
      for (int e = 0; e < owners.size(); e++) {
        int owner = (int) owners.get(e);
        if (owner != Players.NOBODY) {
          sizes[owner]++;
          sums[owner][0] += start + (image ? row(owners.shape(), e) : place(owners.shape(), e));
          sums[owner][1] += image ? e % owners.shape().dim(-1) : 0;
        }
      }
      start += owners.size();
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i][0] /= Math.max(1, sizes[i]);
      sums[i][1] /= Math.max(1, sizes[i]);
    }
    return sums;
  }

  private static double row(Shape shape, int element) {
    return element / shape.dim(-1) % shape.dim(-2);
  }

  /** Along the first axis after the examples', as tokens are. */
  private static double place(Shape shape, int element) {
    return shape.rank() < 2 ? element : element / shape.axes(2, shape.rank()).size();
  }
}
