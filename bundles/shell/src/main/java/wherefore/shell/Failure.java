package wherefore.shell;

/**
 * A command that did not do what it was asked to. Shells print exceptions by their text form, which
 * is therefore the one line that a person shall see.
 */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The command could not do it. */
  static final int FAILED = 1;

  /** The command was not used as it can be. */
  static final int USAGE = 2;

  /** There is no such command. */
  static final int NOT_FOUND = 127;

  private final int exitCode;

  Failure(int exitCode, String message, Throwable cause) {
    super(message.strip().replaceAll("\\s*\\R\\s*", " "), cause);
    this.exitCode = exitCode;
  }

  Failure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  static Failure usage(String message) {
    return new Failure(USAGE, message);
  }

  static Failure failed(String message) {
    return new Failure(FAILED, message);
  }

  /** What the process ends with. */
  int exitCode() {
    return exitCode;
  }

  @Override
  public String toString() {
    return "wherefore: " + getMessage();
  }
}
