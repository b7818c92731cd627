package wherefore.benchmarks;

/** The command line can't be followed; the message says what would be accepted. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
