package wherefore.shell;

import java.io.PrintStream;
import java.util.Locale;
import wherefore.attribution.Monitor;

/**
 * Shows on a terminal how far a request is, once it takes longer than a second, and ends it when
 * the command's thread is interrupted, as shells do on Ctrl-C.
 */
final class Progress implements Monitor, AutoCloseable {
  private static final long FIRST_MILLIS = 1000;
  private static final long EVERY_MILLIS = 200;

  private final Thread command = Thread.currentThread();
  private final PrintStream err;
  private final String doing;
  private final long start = System.nanoTime();
  private volatile double fraction;
  private volatile boolean isOver;
  private boolean isDirty;

  /**
   * @param doing what goes on
   * @param isQuiet true if nothing shall be shown even on a terminal
   */
  Progress(String doing, boolean isQuiet) {
    this(doing, !isQuiet && Boolean.getBoolean("wherefore.terminal"), System.err);
  }

  Progress(String doing, boolean isShown, PrintStream err) {
    this.doing = doing;
    this.err = err;
    if (isShown) {
      Thread.ofPlatform().daemon().name("progress").start(this::show);
    }
  }

  private void show() {
    try {
      Thread.sleep(FIRST_MILLIS);
      while (!isOver) {
        line();
        Thread.sleep(EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void line() {
    if (!isOver) {
      isDirty = true;
      double seconds = (System.nanoTime() - start) / 1e9;
      err.printf(Locale.ROOT, "\r\033[K%s: %.0f %%, %.0f s", doing, 100 * fraction, seconds);
      err.flush();
    }
  }

  @Override
  public void progress(double done) {
    fraction = done;
  }

  @Override
  public boolean isCancelled() {
    return command.isInterrupted();
  }

  @Override
  public synchronized void close() {
    isOver = true;
    if (isDirty) {
      err.print("\r\033[K");
      err.flush();
    }
  }
}
