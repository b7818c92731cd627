package wherefore.backend.cpu.onednn;

/** oneDNN refuses a call. */
public final class OneDnnException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** The status that it returned. */
  private final int status;

  OneDnnException(String what, int status) {
    super("oneDNN: " + what + ": " + name(status));
    this.status = status;
  }

  /** True if oneDNN has no kernel for what was asked. */
  public boolean isUnimplemented() {
    return status == 3 || status == 2;
  }

  private static String name(int status) {
    return switch (status) {
      case 1 -> "out of memory";
      case 2 -> "invalid arguments";
      case 3 -> "unimplemented";
      case 4 -> "last implementation reached";
      case 5 -> "runtime error";
      case 6 -> "not required";
      default -> "status " + status;
    };
  }
}
