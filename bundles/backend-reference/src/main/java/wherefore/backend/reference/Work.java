package wherefore.backend.reference;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import wherefore.compute.Cancellation;

/**
 * Where a kernel's loops run: on all processors, asking now and then whether to go on. How the work
 * is divided never changes a number, since each element is computed by one task.
 *
 * @param cancellation asked before each task
 */
record Work(Cancellation cancellation) {
  /** As many elements as are worth a task; some ten microseconds to a millisecond. */
  static final int CHUNK = 1 << 14;

  /** A part of the elements, from one (included) to another (excluded). */
  @FunctionalInterface
  interface Range {
    void run(int from, int to);
  }

  /**
   * Throws if the run was cancelled.
   *
   * @throws CancellationException if so
   */
  void check() {
    cancellation.check();
  }

  /** Runs the task for each number below {@code count}. */
  void tasks(int count, IntConsumer task) {
    if (count <= 1) {
      IntStream.range(0, count).forEach(i -> checked(task, i));
      return;
    }
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    IntStream.range(0, count).parallel().forEach(i -> guarded(failure, task, i));
    rethrow(failure.get());
  }

  /** Runs the loop body over all elements, part by part. */
  void chunks(int size, Range body) {
    int count = size / CHUNK + (size % CHUNK == 0 ? 0 : 1);
    tasks(count, i -> body.run(i * CHUNK, Math.min(size, i * CHUNK + CHUNK)));
  }

  private void checked(IntConsumer task, int i) {
    cancellation.check();
    task.accept(i);
  }

  /** The pool would rethrow a copy, without the message: so the first failure is kept here. */
  private void guarded(AtomicReference<@Nullable Throwable> failure, IntConsumer task, int i) {
    if (failure.get() != null) {
      return;
    }
    try {
      checked(task, i);
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }

  private static void rethrow(@Nullable Throwable failure) {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(failure);
    }
  }
}
