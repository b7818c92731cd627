package wherefore.shell;

import java.io.PrintStream;
import java.util.Locale;
import wherefore.attribution.Monitor;

/**
 * Shows on a terminal how far a request is, once it takes longer than a second, and ends it when
 * the command's thread is interrupted, as shells do on Ctrl-C.
 */
final class Progress implements Monitor, AutoCloseable {
  private static final long FIRST_NANOS = 1_000_000_000;
  private static final long EVERY_NANOS = 200_000_000;

  private final Thread command = Thread.currentThread();
  private final PrintStream err = System.err;
  private final String doing;
  private final boolean isShown;
  private final long start = System.nanoTime();
  private long next = start + FIRST_NANOS;
  private boolean isDirty;

  /**
   * @param doing what goes on
   * @param isQuiet true if nothing shall be shown even on a terminal
   */
  Progress(String doing, boolean isQuiet) {
    this.doing = doing;
    this.isShown = !isQuiet && Boolean.getBoolean("wherefore.terminal");
  }

  @Override
  public synchronized void progress(double fraction) {
    long now = System.nanoTime();
    if (!isShown || now < next) {
      return;
    }
    next = now + EVERY_NANOS;
    isDirty = true;
    err.printf(
        Locale.ROOT, "\r\033[K%s: %.0f %%, %.0f s", doing, 100 * fraction, (now - start) / 1e9);
    err.flush();
  }

  @Override
  public boolean isCancelled() {
    return command.isInterrupted();
  }

  @Override
  public synchronized void close() {
    if (isDirty) {
      err.print("\r\033[K");
      err.flush();
    }
  }
}
