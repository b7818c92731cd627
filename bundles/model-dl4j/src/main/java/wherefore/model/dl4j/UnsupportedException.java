package wherefore.model.dl4j;

/** A layer, vertex or setting has no translation; gaps are collected and reported together. */
final class UnsupportedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With what is not supported: {@code activation ActivationRReLU}. */
  UnsupportedException(String what) {
    super(what);
  }
}
