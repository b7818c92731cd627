package wherefore.backend.cpu.onednn;

import java.util.ArrayDeque;
import java.util.Deque;

/** Owns native objects; frees them in opposite order of their making. Belongs to one thread. */
public final class Scope implements AutoCloseable {
  private final Deque<Runnable> owned = new ArrayDeque<>();

  /** Called at {@link #close}. */
  public void own(Runnable free) {
    owned.push(free);
  }

  @Override
  public void close() {
    while (!owned.isEmpty()) {
      owned.pop().run();
    }
  }
}
