package wherefore.method.shapley;

import wherefore.attribution.AttributionException;
import wherefore.attribution.Game;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * φ_i = Σ over S without i of |S|! (d − |S| − 1)! / d! · (v(S ∪ i) − v(S)), over all 2^d
 * coalitions, in float64 and in one order.
 */
final class ExactShapley {
  static final int MOST_PLAYERS = 24;

  private final Game game;
  private final int d;

  ExactShapley(Game game) {
    this.game = game;
    this.d = game.players().count();
    if (d > MOST_PLAYERS) {
      throw new AttributionException(
          "shap: algorithm exact takes 2^players evaluations and at most %d players; there are %d: group them (players=…) or take algorithm permutation, kernel or partition"
              .formatted(MOST_PLAYERS, d));
    }
  }

  Solution solve() {
    double[] values = game.values(1 << d, this::rows);
    return Solution.exact(shapley(values, d), values.length);
  }

  private Tensor rows(int from, int to) {
    float[] present = new float[(to - from) * d];
    for (int s = from; s < to; s++) {
      for (int i = 0; i < d; i++) {
        present[(s - from) * d + i] = s >>> i & 1;
      }
    }
    return Tensor.of(Shape.of(to - from, d), present);
  }

  /**
   * The formula.
   *
   * @param v of each coalition, whose bits are the players present
   */
  static double[] shapley(double[] v, int d) {
    double[] weights = weights(d);
    double[] values = new double[d];
    for (int i = 0; i < d; i++) {
      int bit = 1 << i;
      double sum = 0;
      for (int s = 0; s < v.length; s++) {
        if ((s & bit) == 0) {
          sum += weights[Integer.bitCount(s)] * (v[s | bit] - v[s]);
        }
      }
      values[i] = sum;
    }
    return values;
  }

  /** s! (d − s − 1)! / d! for each size s: 1 / (d · C(d − 1, s)). */
  private static double[] weights(int d) {
    double[] weights = new double[d];
    double choices = 1;
    for (int s = 0; s < d; s++) {
      weights[s] = 1 / (d * choices);
      choices = choices * (d - 1 - s) / (s + 1);
    }
    return weights;
  }
}
