package wherefore.compute;

/** A backend can't compile or run a graph; the message says what is missing and what would help. */
public final class ComputeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** True if there isn't the memory. */
  private final boolean tooLarge;

  /** With what was asked, found and what would help. */
  public ComputeException(String message) {
    super(message);
    this.tooLarge = false;
  }

  /** As {@link #ComputeException(String)}, and what led to it. */
  public ComputeException(String message, Throwable cause) {
    super(message, cause);
    this.tooLarge = false;
  }

  private ComputeException(String message, boolean tooLarge) {
    super(message);
    this.tooLarge = tooLarge;
  }

  /** There isn't the memory, even if all else were done; fewer rows at a time may fit. */
  public static ComputeException tooLarge(String message) {
    return new ComputeException(message, true);
  }

  /** True if there isn't the memory, and fewer rows at a time may fit. */
  public boolean isTooLarge() {
    return tooLarge;
  }
}
