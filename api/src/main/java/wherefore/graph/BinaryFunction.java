package wherefore.graph;

/** A function of two variables, applied element by element. */
public enum BinaryFunction {
  /** a + b. */
  ADD,
  /** a − b. */
  SUB,
  /** a · b. */
  MUL,
  /** a / b; of integers rounded towards zero. */
  DIV,
  /** a to the power of b. */
  POW,
  /** The larger one; NaN if one is. */
  MAX,
  /** The smaller one; NaN if one is. */
  MIN,
  /** a − ⌊a/b⌋·b, with the sign of b. */
  MOD,
  /** Logical and, of bool only. */
  AND,
  /** Logical or, of bool only. */
  OR,
  /** Exclusive or, of bool only. */
  XOR;

  /** True for the functions of truth values. */
  public boolean isLogical() {
    return this == AND || this == OR || this == XOR;
  }
}
