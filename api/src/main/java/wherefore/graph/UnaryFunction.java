package wherefore.graph;

/** A real function of one variable, applied element by element. */
public enum UnaryFunction {
  /** −x. */
  NEG,
  /** |x|. */
  ABS,
  /** −1, 0 or 1. */
  SIGN,
  /** 1/x. */
  RECIPROCAL,
  /** eˣ. */
  EXP,
  /** Natural logarithm. */
  LOG,
  /** √x. */
  SQRT,
  /** Sine. */
  SIN,
  /** Cosine. */
  COS,
  /** Tangent. */
  TAN,
  /** Inverse sine. */
  ASIN,
  /** Inverse cosine. */
  ACOS,
  /** Inverse tangent. */
  ATAN,
  /** Hyperbolic sine. */
  SINH,
  /** Hyperbolic cosine. */
  COSH,
  /** Hyperbolic tangent. */
  TANH,
  /** Inverse hyperbolic sine. */
  ASINH,
  /** Inverse hyperbolic cosine. */
  ACOSH,
  /** Inverse hyperbolic tangent. */
  ATANH,
  /** 1 / (1 + e⁻ˣ). */
  SIGMOID,
  /** The Gauss error function 2/√π ∫₀ˣ e^(−t²) dt. */
  ERF,
  /** The largest integer that is not greater. */
  FLOOR,
  /** The smallest integer that is not less. */
  CEIL,
  /** The nearest integer, halves to the even one. */
  ROUND,
  /** Logical negation, of bool only. */
  NOT;

  /** True if the function of an integer is an integer, so that it is defined for int64. */
  public boolean isOfIntegers() {
    return switch (this) {
      case NEG, ABS, SIGN, FLOOR, CEIL, ROUND -> true;
      default -> false;
    };
  }

  /** True if the function is constant between jumps: its derivative is 0 wherever it exists. */
  public boolean isStep() {
    return switch (this) {
      case SIGN, FLOOR, CEIL, ROUND, NOT -> true;
      default -> false;
    };
  }
}
