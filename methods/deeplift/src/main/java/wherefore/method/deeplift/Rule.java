package wherefore.method.deeplift;

/** How activations share out their difference. */
public enum Rule {
  /** RevealCancel behind dense layers, Rescale behind convolutions and everywhere else. */
  RECOMMENDED,
  /** In proportion to the input's difference: m = Δy/Δx. */
  RESCALE,
  /** What raises the input and what lowers it apart, each as the mean over both orders. */
  REVEAL_CANCEL
}
