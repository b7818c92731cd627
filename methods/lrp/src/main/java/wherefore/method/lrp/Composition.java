package wherefore.method.lrp;

/** Which rule convolutions, dense layers and the first linear layer have. */
public enum Composition {
  /** Convolutions z-plus, dense layers epsilon. */
  EPSILON_PLUS(Rule.Z_PLUS, Rule.NONE),
  /** As epsilon-plus, the first linear layer flat. */
  EPSILON_PLUS_FLAT(Rule.Z_PLUS, Rule.FLAT),
  /** Convolutions alpha-beta with 2 and 1, dense layers epsilon. */
  EPSILON_ALPHA2_BETA1(Rule.ALPHA_BETA, Rule.NONE),
  /** As epsilon-alpha2-beta1, the first linear layer flat. */
  EPSILON_ALPHA2_BETA1_FLAT(Rule.ALPHA_BETA, Rule.FLAT),
  /** Convolutions gamma, dense layers epsilon, the first linear layer z-box. */
  EPSILON_GAMMA_BOX(Rule.GAMMA, Rule.Z_BOX);

  private final Rule convolution;
  private final Rule first;

  Composition(Rule convolution, Rule first) {
    this.convolution = convolution;
    this.first = first;
  }

  /** The rule of a linear layer. */
  Rule rule(boolean isConvolution, boolean isFirst) {
    if (isFirst && first != Rule.NONE) {
      return first;
    }
    return isConvolution ? convolution : Rule.EPSILON;
  }
}
