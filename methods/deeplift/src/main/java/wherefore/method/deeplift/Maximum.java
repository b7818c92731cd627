package wherefore.method.deeplift;

/** Who receives the difference of a maximum of several elements. */
public enum Maximum {
  /**
   * By the cross maximum c = max(y, y'): what is the greatest at the input is given c − y', what is
   * the greatest at the reference y − c. The sum is Δy.
   */
  CROSS,
  /**
   * The gradient's: the multiplier goes to what is the greatest at the input. If something else is
   * at the reference, the contributions don't sum to the target's difference; an option for
   * comparison with implementations that leave pooling to automatic differentiation.
   */
  WINNER
}
