package wherefore.model;

import java.io.IOException;

/**
 * A model, card or input can't be read; the message names the file, what was found, what would do.
 */
public final class ModelException extends IOException {
  private static final long serialVersionUID = 1;

  /** With file, finding and what would be accepted. */
  public ModelException(String message) {
    super(message);
  }

  /** As {@link #ModelException(String)}, and what led to it. */
  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
