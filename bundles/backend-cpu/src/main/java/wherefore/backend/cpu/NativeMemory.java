package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeException;

/**
 * The memory outside of the heap that all executables share: constants and the values of runs, up
 * to a budget.
 *
 * <p>Where something doesn't fit, what is idle makes room, the least recently used first; then, by
 * turns, those who ask wait for the runs under way. Nobody waits while holding memory: what didn't
 * fit gives back all it had before, so that no two wait for each other.
 */
final class NativeMemory {
  /** Something that can do without its memory for now. */
  interface Idle {
    /** Frees what it doesn't need; true if it had some. */
    boolean makeRoom();
  }

  /** Memory that is counted until it is closed. */
  final class Block implements AutoCloseable {
    private final HeapOfC.Piece piece;
    private boolean freed;

    private Block(HeapOfC.Piece piece) {
      this.piece = piece;
    }

    MemorySegment segment() {
      return piece.segment();
    }

    @Override
    public void close() {
      synchronized (NativeMemory.this) {
        if (!freed) {
          freed = true;
          piece.free();
          used -= piece.segment().byteSize();
          NativeMemory.this.notifyAll();
        }
      }
    }
  }

  /** Thrown through an attempt, which is made again. */
  private static final class Full extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Bytes that the attempt had and asked for. */
    private final long needed;

    Full(long needed) {
      super(null, null, false, false);
      this.needed = needed;
    }
  }

  private static final long TICK = 50;

  private final long most;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Set<Idle> idle = new LinkedHashSet<>();
  private final ThreadLocal<long[]> attempted = ThreadLocal.withInitial(() -> new long[1]);
  private long used;
  private int busy;
  private int waiting;

  /**
   * @param most bytes
   */
  NativeMemory(long most) {
    this.most = most;
  }

  /** Bytes in use. */
  synchronized long used() {
    return used;
  }

  /** True if somebody waits: what isn't in use should be freed. */
  synchronized boolean isShort() {
    return waiting > 0;
  }

  /** Memory, all 0. Only within an {@linkplain #attempt attempt}. */
  Block allocate(long bytes) {
    long[] own = attempted.get();
    while (!count(bytes)) {
      if (!makeRoom()) {
        throw new Full(own[0] + bytes);
      }
    }
    own[0] += bytes;
    try {
      return new Block(HeapOfC.allocate(bytes));
    } catch (RuntimeException | Error e) {
      count(-bytes);
      throw e;
    }
  }

  private synchronized boolean count(long bytes) {
    boolean fits = bytes <= most - used;
    if (fits) {
      used += bytes;
    }
    return fits;
  }

  private boolean makeRoom() {
    List<Idle> oldest;
    synchronized (this) {
      oldest = new ArrayList<>(idle);
    }
    return oldest.stream().anyMatch(Idle::makeRoom);
  }

  /** From now on it may be asked to make room, after all others. */
  synchronized void isIdle(Idle owner) {
    idle.remove(owner);
    idle.add(owner);
  }

  /** It has nothing to give any more. */
  synchronized void forget(Idle owner) {
    idle.remove(owner);
  }

  /** A run with all the memory it needs begins. */
  synchronized void begins() {
    busy++;
  }

  /** It ends. */
  synchronized void ends() {
    busy--;
    notifyAll();
  }

  /**
   * Does what allocates. It is done again from the start when it didn't fit, and must have given
   * back what it had.
   *
   * @throws ComputeException if it does not fit even alone
   */
  <T> T attempt(Cancellation cancellation, Supplier<T> work) {
    if (entersAtOnce()) {
      try {
        return fresh(work);
      } catch (Full e) {
        refuseImpossible(e);
      } finally {
        ends();
      }
    }
    return inTurn(cancellation, work);
  }

  private synchronized boolean entersAtOnce() {
    if (waiting > 0) {
      return false;
    }
    busy++;
    return true;
  }

  private <T> T fresh(Supplier<T> work) {
    long[] own = attempted.get();
    long before = own[0];
    own[0] = 0;
    try {
      return work.get();
    } finally {
      own[0] = before;
    }
  }

  private <T> T inTurn(Cancellation cancellation, Supplier<T> work) {
    waits(1);
    try {
      lock(cancellation);
      try {
        return untilItFits(cancellation, work);
      } finally {
        turn.unlock();
      }
    } finally {
      waits(-1);
    }
  }

  private synchronized void waits(int more) {
    waiting += more;
  }

  private void lock(Cancellation cancellation) {
    try {
      while (!turn.tryLock(TICK, TimeUnit.MILLISECONDS)) {
        cancellation.check();
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private static CancellationException interrupted() {
    Thread.currentThread().interrupt();
    return new CancellationException("cancelled: its thread was interrupted");
  }

  private <T> T untilItFits(Cancellation cancellation, Supplier<T> work) {
    while (true) {
      boolean alone = isAlone();
      try {
        return fresh(work);
      } catch (Full e) {
        refuseImpossible(e);
        if (alone) {
          throw tooLarge(e);
        }
        await(e, cancellation);
      }
    }
  }

  private synchronized boolean isAlone() {
    return busy == 0;
  }

  private synchronized void await(Full full, Cancellation cancellation) {
    try {
      while (busy > 0 && full.needed > most - used) {
        cancellation.check();
        wait(TICK);
      }
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  private void refuseImpossible(Full full) {
    if (full.needed > most) {
      throw tooLarge(full);
    }
  }

  private ComputeException tooLarge(Full full) {
    return ComputeException.tooLarge(
        ("backend cpu: the graph needs %,d bytes or more outside of the heap; the budget is %,d"
                + " (setting wherefore.native.memory), of which others hold %,d; ask for fewer"
                + " rows at a time (setting wherefore.rows) or raise the budget")
            .formatted(full.needed, most, used()));
  }
}
