package wherefore.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import wherefore.attribution.AttributionException;
import wherefore.compute.ComputeException;
import wherefore.graph.GraphException;
import wherefore.model.ModelException;

/** From whatever a command throws to the one line that a person sees; the log has the rest. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  /** The failure to show; logged here unless it was before. */
  static Failure of(String command, Throwable thrown) {
    if (thrown instanceof Failure failure) {
      LOG.debug("{} failed", command, failure);
      return failure;
    }
    Failure failure = translated(command, thrown);
    LOG.warn("{} failed", command, thrown);
    return failure;
  }

  /**
   * The failure to show of what is not one of our commands. Gogo does not export the classes of its
   * failures, so a bundle that named one would resolve nowhere else.
   */
  static Failure ofShell(Exception thrown) {
    if (thrown instanceof Failure failure) {
      return failure;
    }
    LOG.warn("the shell failed", thrown);
    if (thrown instanceof InterruptedException) {
      return new Failure(Failure.FAILED, "interrupted", thrown);
    }
    int code =
        switch (thrown.getClass().getSimpleName()) {
          case "CommandNotFoundException" -> Failure.NOT_FOUND;
          case "SyntaxError", "EOFError", "EOFException" -> Failure.USAGE;
          default -> Failure.FAILED;
        };
    return new Failure(code, text(thrown), thrown);
  }

  /** Something that is missing and can be done without. */
  static void note(String what, Exception why) {
    LOG.info("{}: {}", what, why.getMessage());
  }

  private static Failure translated(String command, Throwable thrown) {
    return switch (thrown) {
      case AttributionException e -> expected(e);
      case ModelException e -> expected(e);
      case GraphException e -> expected(e);
      case ComputeException e -> expected(e);
      case NoSuchFileException e -> file(e, "no such file");
      case AccessDeniedException e -> file(e, "permission denied");
      case FileSystemException e -> file(e, e.getClass().getSimpleName());
      case UncheckedIOException e ->
          translated(command, Objects.requireNonNullElse(e.getCause(), e));
      case IOException e -> expected(e);
      case CancellationException e ->
          new Failure(Failure.FAILED, e.getMessage() == null ? "cancelled" : e.getMessage(), e);
      case OutOfMemoryError e -> new Failure(Failure.FAILED, memory(command), e);
      default -> unexpected(command, thrown);
    };
  }

  private static Failure expected(Exception e) {
    return new Failure(Failure.FAILED, text(e), e);
  }

  private static Failure file(FileSystemException e, String otherwise) {
    String reason = Objects.requireNonNullElse(e.getReason(), otherwise);
    return new Failure(Failure.FAILED, e.getFile() + ": " + reason, e);
  }

  private static String memory(String command) {
    return "%s needs more than the %d MiB of memory that there are; JAVA_OPTS=-Xmx… gives more"
        .formatted(command, Runtime.getRuntime().maxMemory() >> 20);
  }

  private static Failure unexpected(String command, Throwable thrown) {
    String message =
        "internal error: %s: %s (details in the log%s)"
            .formatted(command, described(thrown), logFile());
    return new Failure(Failure.FAILED, message, thrown);
  }

  private static String described(Throwable thrown) {
    String kind = thrown.getClass().getSimpleName();
    return thrown.getMessage() == null ? kind : kind + ": " + thrown.getMessage();
  }

  private static String logFile() {
    @Nullable String directory = System.getProperty("wherefore.log.dir");
    return directory == null ? "" : " " + directory + "/wherefore.log";
  }

  private static String text(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
  }
}
