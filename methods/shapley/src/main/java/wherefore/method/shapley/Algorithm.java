package wherefore.method.shapley;

/** How the Shapley values are computed. */
public enum Algorithm {
  /** Exact if all coalitions are within the budget, else by permutations. */
  AUTO,
  /** Over all 2^d coalitions. */
  EXACT,
  /** w (x − x'), for models that are affine in what is explained: exact. */
  LINEAR,
  /** Weighted least squares over coalitions. */
  KERNEL,
  /** What each player adds along random orders, each with its reverse. */
  PERMUTATION,
  /** For each player by itself: what it adds to random coalitions. */
  SAMPLING,
  /** Owen values over a hierarchy of neighbours. */
  PARTITION
}
