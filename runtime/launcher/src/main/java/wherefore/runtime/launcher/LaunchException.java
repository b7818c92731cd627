package wherefore.runtime.launcher;

/** What the launcher tells its user in one line before it exits with {@link #exitCode()}. */
final class LaunchException extends Exception {
  /** The command line makes no sense, or the machine lacks something. */
  static final int USAGE = 2;

  /** The system could not do what it was asked. */
  static final int FAILURE = 1;

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  LaunchException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  LaunchException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  int exitCode() {
    return exitCode;
  }
}
