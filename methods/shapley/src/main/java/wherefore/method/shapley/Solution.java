package wherefore.method.shapley;

/**
 * Shapley values, or estimates of them.
 *
 * @param values one a player
 * @param errors standard errors, one a player; empty where the values are exact
 * @param coalitions how many distinct ones were evaluated
 */
record Solution(double[] values, double[] errors, long coalitions) {
  /** An exact one. */
  static Solution exact(double[] values, long coalitions) {
    return new Solution(values, new double[0], coalitions);
  }
}
