package wherefore.backend.cpu;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import wherefore.compute.Cancellation;

/** Runs steps and keeps how long each took. */
final class Clock {
  private static final double MILLI = 1e6;

  private final AtomicLongArray nanos;
  private final AtomicLong runs = new AtomicLong();

  Clock(int steps) {
    this.nanos = new AtomicLongArray(steps);
  }

  void run(List<Runnable> steps, Cancellation cancellation) {
    long before = System.nanoTime();
    for (int i = 0; i < steps.size(); i++) {
      cancellation.check();
      steps.get(i).run();
      long now = System.nanoTime();
      nanos.addAndGet(i, now - before);
      before = now;
    }
    runs.incrementAndGet();
  }

  /** A step's mean time in ms; 0 before the first run. */
  double mean(int step) {
    return nanos.get(step) / MILLI / Math.max(1, runs.get());
  }

  /** All steps' mean time in ms. */
  double mean() {
    double sum = 0;
    for (int i = 0; i < nanos.length(); i++) {
      sum += mean(i);
    }
    return sum;
  }
}
