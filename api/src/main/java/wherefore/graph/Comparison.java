package wherefore.graph;

/** A relation of two numbers; false where one is NaN. */
public enum Comparison {
  /** a = b. */
  EQUAL,
  /** a &lt; b. */
  LESS,
  /** a ≤ b. */
  LESS_OR_EQUAL
}
