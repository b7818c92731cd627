package wherefore.attribution;

/**
 * A request can't be answered as asked. The message is one line for a person: what was asked, what
 * was found, where, and what would be accepted.
 */
public final class AttributionException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** With what was asked, found and would be accepted. */
  public AttributionException(String message) {
    super(message);
  }

  /** As {@link #AttributionException(String)}, and what led to it. */
  public AttributionException(String message, Throwable cause) {
    super(message, cause);
  }
}
