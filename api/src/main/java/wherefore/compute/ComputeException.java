package wherefore.compute;

/** A backend can't compile or run a graph; the message says what is missing and what would help. */
public final class ComputeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With what was asked, found and what would help. */
  public ComputeException(String message) {
    super(message);
  }

  /** As {@link #ComputeException(String)}, and what led to it. */
  public ComputeException(String message, Throwable cause) {
    super(message, cause);
  }
}
