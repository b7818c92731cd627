package wherefore.runtime.attributor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import wherefore.compute.Cancellation;

/**
 * The services of one kind that are there now, and who is using them.
 *
 * <p>A request acquires a {@link Lease}. A service that leaves takes no new leases, and {@link
 * #unbind} returns only when the last one is closed (or, after the drain, when the calls have been
 * cancelled), so that whoever stops a bundle waits for the calls in flight. A request for an id
 * that is leaving, or has left less than the grace ago, waits for its return: an update is a leave
 * and a return.
 */
final class Registry<S> {
  private static final Logger LOG = LoggerFactory.getLogger(Registry.class);
  private static final long POLL = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LAST_WAIT = TimeUnit.SECONDS.toNanos(2);

  private static final class Entry<S> {
    final Object key;
    final S service;
    final String id;
    final int ranking;
    int calls;
    boolean leaving;
    volatile @Nullable String ended;

    Entry(Object key, S service, String id, int ranking) {
      this.key = key;
      this.service = service;
      this.id = id;
      this.ranking = ranking;
    }
  }

  private record Departure(long at, int ranking) {}

  private final String kind;
  private final Supplier<Settings> settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Entry<S>> entries = new ArrayList<>();
  private final Map<String, Departure> departed = new HashMap<>();

  /**
   * An empty one.
   *
   * @param kind what errors call a service: {@code method}
   */
  Registry(String kind, Supplier<Settings> settings) {
    this.kind = kind;
    this.settings = settings;
  }

  /** From now on the service takes leases. */
  void bind(Object key, S service, String id, int ranking) {
    locked(
        () -> {
          entries.add(new Entry<>(key, service, id, ranking));
          changed.signalAll();
          return null;
        });
  }

  /**
   * Takes a service away: no new leases from now on; returns when those in use are closed.
   *
   * @return the service, if it was there
   */
  Optional<S> unbind(Object key) {
    return locked(
        () -> {
          Optional<Entry<S>> found =
              entries.stream().filter(e -> e.key == key && !e.leaving).findFirst();
          found.ifPresent(this::leave);
          return found.map(e -> e.service);
        });
  }

  private void leave(Entry<S> entry) {
    entry.leaving = true;
    Duration drain = settings.get().drain();
    if (!awaitIdle(entry, drain.toNanos())) {
      entry.ended =
          "%s %s was withdrawn, and the call did not end within %s"
              .formatted(kind, entry.id, Times.text(drain));
      if (!awaitIdle(entry, LAST_WAIT)) {
        LOG.warn("{} {} goes although {} calls use it", kind, entry.id, entry.calls);
      }
    }
    entries.remove(entry);
    departed.put(entry.id, new Departure(System.nanoTime(), entry.ranking));
    changed.signalAll();
  }

  /** Waits even if interrupted: a bundle must not go while it is used. */
  private boolean awaitIdle(Entry<S> entry, long nanos) {
    long end = System.nanoTime() + nanos;
    boolean interrupted = false;
    while (entry.calls > 0 && end - System.nanoTime() > 0) {
      try {
        changed.awaitNanos(end - System.nanoTime());
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return entry.calls == 0;
  }

  /**
   * A lease of the service with an id, or of the best one.
   *
   * @param id empty for the highest ranking
   * @param waiting asked while it waits for a service to come back
   * @param missing makes the error where there is none, from the ids that are there
   */
  Lease<S> acquire(
      Optional<String> id,
      Cancellation waiting,
      Function<List<String>, ? extends RuntimeException> missing) {
    while (true) {
      waiting.check();
      Optional<Lease<S>> lease = locked(() -> tryAcquire(id, missing));
      if (lease.isPresent()) {
        return lease.get();
      }
    }
  }

  private Optional<Lease<S>> tryAcquire(
      Optional<String> id, Function<List<String>, ? extends RuntimeException> missing) {
    Optional<Entry<S>> best = best(id);
    long patience = best.isPresent() && id.isPresent() ? 0 : patience(id, best);
    if (patience <= 0) {
      return Optional.of(lease(best.orElseThrow(() -> missing.apply(ids()))));
    }
    try {
      changed.awaitNanos(Math.min(patience, POLL));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while it waited for a " + kind);
    }
    return Optional.empty();
  }

  private Optional<Entry<S>> best(Optional<String> id) {
    return entries.stream()
        .filter(e -> !e.leaving && id.map(e.id::equals).orElse(true))
        .reduce((a, b) -> b.ranking > a.ranking ? b : a);
  }

  /** How long it is worth waiting for one that is better than the best one here. */
  private long patience(Optional<String> id, Optional<Entry<S>> best) {
    long above = best.map(e -> (long) e.ranking).orElse(Long.MIN_VALUE);
    boolean draining =
        entries.stream()
            .anyMatch(e -> e.leaving && e.ranking > above && id.map(e.id::equals).orElse(true));
    if (draining) {
      return POLL;
    }
    long now = System.nanoTime();
    long grace = settings.get().grace().toNanos();
    return departed.entrySet().stream()
        .filter(d -> d.getValue().ranking() > above && id.map(d.getKey()::equals).orElse(true))
        .filter(d -> best(Optional.of(d.getKey())).isEmpty())
        .mapToLong(d -> d.getValue().at() + grace - now)
        .max()
        .orElse(0);
  }

  private Lease<S> lease(Entry<S> entry) {
    entry.calls++;
    return new Held(entry);
  }

  /** A lease of the best service of each id, highest ranking first. */
  List<Lease<S>> acquireAll() {
    return locked(
        () -> {
          Map<String, Entry<S>> byId = new LinkedHashMap<>();
          entries.stream()
              .filter(e -> !e.leaving)
              .sorted(Comparator.comparingInt((Entry<S> e) -> e.ranking).reversed())
              .forEach(e -> byId.putIfAbsent(e.id, e));
          return byId.values().stream().map(this::lease).toList();
        });
  }

  private List<String> ids() {
    return entries.stream().filter(e -> !e.leaving).map(e -> e.id).distinct().sorted().toList();
  }

  private <T extends @Nullable Object> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private final class Held implements Lease<S> {
    private final Entry<S> entry;
    private boolean closed;

    Held(Entry<S> entry) {
      this.entry = entry;
    }

    @Override
    public S service() {
      return entry.service;
    }

    @Override
    public int ranking() {
      return entry.ranking;
    }

    @Override
    public String id() {
      return entry.id;
    }

    @Override
    public void check() {
      String ended = entry.ended;
      if (ended != null) {
        throw new CancellationException(ended);
      }
    }

    @Override
    public void close() {
      locked(
          () -> {
            if (!closed) {
              closed = true;
              entry.calls--;
              changed.signalAll();
            }
            return null;
          });
    }
  }
}
