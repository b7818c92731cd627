package wherefore.backend.cpu;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads that Java kernels share. The caller works too and never waits for a thread that has
 * not begun, so that requests don't block each other; idle threads sleep, and end after a while.
 */
final class Team implements AutoCloseable {
  /** Elements below which a second thread costs more than it brings. */
  private static final long GRAIN = 1 << 15;

  /** A part of a loop. */
  @FunctionalInterface
  interface Part {
    /**
     * @param slot of the thread: no two threads have the same at a time
     * @param from first unit
     * @param to behind the last
     */
    void run(int slot, long from, long to);
  }

  private final int threads;
  private final ExecutorService helpers;

  Team(int threads) {
    this.threads = threads;
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            Math.max(1, threads - 1),
            Math.max(1, threads - 1),
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "wherefore-cpu");
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    this.helpers = pool;
  }

  /** The number of slots. */
  int threads() {
    return threads;
  }

  /**
   * Runs a loop in parts.
   *
   * @param units how many
   * @param cost elements that one unit touches, about
   */
  void each(long units, long cost, Part part) {
    long chunk = Math.max(1, GRAIN / Math.max(1, cost));
    long chunks = (units + chunk - 1) / chunk;
    if (threads == 1 || chunks < 2) {
      if (units > 0) {
        part.run(0, 0, units);
      }
      return;
    }
    Loop loop = new Loop(units, chunk, part, Thread.currentThread());
    for (int slot = 1; slot < Math.min(threads, chunks); slot++) {
      int own = slot;
      helpers.execute(() -> loop.work(own));
    }
    loop.work(0);
    loop.await();
  }

  private static final class Loop {
    private final long units;
    private final long chunk;
    private final Part part;
    private final Thread caller;
    private final AtomicLong next = new AtomicLong();
    private final AtomicLong done = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Loop(long units, long chunk, Part part, Thread caller) {
      this.units = units;
      this.chunk = chunk;
      this.part = part;
      this.caller = caller;
    }

    void work(int slot) {
      for (long from = next.getAndAdd(chunk); from < units; from = next.getAndAdd(chunk)) {
        long to = Math.min(units, from + chunk);
        try {
          part.run(slot, from, to);
        } catch (RuntimeException | Error e) {
          failure.compareAndSet(null, e);
        }
        if (done.addAndGet(to - from) == units) {
          LockSupport.unpark(caller);
        }
      }
    }

    void await() {
      while (done.get() < units) {
        LockSupport.park(this);
      }
      Throwable e = failure.get();
      if (e instanceof RuntimeException r) {
        throw r;
      }
      if (e instanceof Error r) {
        throw r;
      }
    }
  }

  @Override
  public void close() {
    helpers.shutdown();
  }
}
