package wherefore.method.lrp;

/** The rules for linear layers, by name. */
public enum Rule {
  /** The composite's. */
  NONE,
  /** x ⊙ w'(R / s_ε(z)). */
  EPSILON,
  /** Positive contributions only. */
  Z_PLUS,
  /** Positive contributions α times, less negative ones β times. */
  ALPHA_BETA,
  /** Positive weights counted 1 + γ times. */
  GAMMA,
  /** By squared weights. */
  W_SQUARE,
  /** To all alike. */
  FLAT,
  /** For inputs between two bounds. */
  Z_BOX
}
