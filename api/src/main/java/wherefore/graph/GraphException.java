package wherefore.graph;

/** A graph can't be built or changed as asked; the message names the node or layer. */
public final class GraphException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** With what was asked, found and where. */
  public GraphException(String message) {
    super(message);
  }

  /** With what was asked, found and where, and what led to it. */
  public GraphException(String message, Throwable cause) {
    super(message, cause);
  }
}
