package wherefore.runtime.attributor;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import wherefore.attribution.Monitor;
import wherefore.compute.Cancellation;

/** One request at work: who may end it, and who watches it. */
final class Call implements Cancellation {
  private final Monitor monitor;
  private final Optional<Duration> limit;
  private final long started = System.nanoTime();
  private final List<Cancellation> others = new CopyOnWriteArrayList<>();

  Call(Monitor monitor, Optional<Duration> limit) {
    this.monitor = monitor;
    this.limit = limit;
  }

  /** Ends with this one, too. */
  void endsWith(Cancellation other) {
    others.add(other);
  }

  void progress(double fraction) {
    monitor.progress(fraction);
  }

  double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }

  @Override
  public void check() {
    if (monitor.isCancelled()) {
      throw new CancellationException("cancelled by the caller");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("cancelled: its thread was interrupted");
    }
    if (limit.isPresent() && System.nanoTime() - started >= limit.get().toNanos()) {
      throw new CancellationException("the deadline of " + Times.text(limit.get()) + " exceeded");
    }
    others.forEach(Cancellation::check);
  }
}
