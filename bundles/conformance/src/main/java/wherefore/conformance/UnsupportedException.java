package wherefore.conformance;

/** Something that a case needs isn't there. */
final class UnsupportedException extends Exception {
  private static final long serialVersionUID = 1;

  UnsupportedException(String message) {
    super(message);
  }

  UnsupportedException(String message, Throwable cause) {
    super(message, cause);
  }
}
