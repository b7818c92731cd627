package wherefore.runtime.launcher;

import org.jspecify.annotations.Nullable;

/** A throwable as one line for a console. */
final class OneLine {
  private OneLine() {}

  /** The message, its line breaks as blanks; without a message the kind of the failure. */
  static String of(@Nullable Throwable failure) {
    if (failure == null) {
      return "no reason given";
    }
    String message = failure.getMessage();
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
