package wherefore.runtime.attributor;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeBackend;
import wherefore.compute.Executable;
import wherefore.graph.Graph;
import wherefore.graph.Leaf;
import wherefore.tensor.Tensor;

/**
 * The executables of one backend, kept for the next request: the least recently used go first. A
 * graph is compiled once, however many ask for it; an executable is closed once, when it was
 * dropped and nobody runs it any more.
 */
final class CompiledGraphs implements AutoCloseable {
  private static final int MOST = 64;

  /** A graph's executable in use. */
  final class Use implements AutoCloseable {
    private final Entry entry;
    private final Executable executable;

    private Use(Entry entry, Executable executable) {
      this.entry = entry;
      this.executable = executable;
    }

    Executable executable() {
      return executable;
    }

    @Override
    public void close() {
      release(entry);
    }
  }

  private static final class Entry {
    final CompletableFuture<Executable> executable = new CompletableFuture<>();
    final List<Tensor> constants;
    int users;
    boolean dropped;

    Entry(Graph graph) {
      constants =
          graph.nodes().stream()
              .filter(n -> n.op() instanceof Leaf.Constant)
              .map(n -> ((Leaf.Constant) n.op()).value())
              .toList();
    }

    long nativeBytes() {
      return executable.isDone() && !executable.isCompletedExceptionally()
          ? executable.join().nativeBytes()
          : 0;
    }
  }

  private final ComputeBackend backend;
  private final int most;
  private final long bytes;
  private final Map<String, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  CompiledGraphs(ComputeBackend backend) {
    this(backend, MOST, bytes(backend));
  }

  /** A backend with memory of its own makes room there by itself before it is full. */
  private static long bytes(ComputeBackend backend) {
    long heap = Runtime.getRuntime().maxMemory() / 4;
    return backend.memory() == Long.MAX_VALUE ? heap : Math.max(heap, backend.memory() / 2);
  }

  /**
   * An empty one.
   *
   * @param most so many executables
   * @param bytes so many bytes of constants and native memory, the last one used not counted
   */
  CompiledGraphs(ComputeBackend backend, int most, long bytes) {
    this.backend = backend;
    this.most = most;
    this.bytes = bytes;
  }

  /** The key of a graph: two graphs with one key compute the same function. */
  static String key(Graph graph) {
    try {
      byte[] text = graph.text().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The graph's executable, compiled unless it is there; to be closed after the run. */
  Use acquire(String key, Graph graph, Cancellation cancellation) {
    Entry fresh = new Entry(graph);
    Entry entry = enter(key, fresh);
    try {
      if (entry == fresh) {
        compile(key, fresh, graph);
      }
      return new Use(entry, await(entry, cancellation));
    } catch (Throwable e) {
      release(entry);
      throw e;
    }
  }

  private synchronized Entry enter(String key, Entry fresh) {
    if (closed) {
      throw new CancellationException("backend " + backend.info().id() + " was withdrawn");
    }
    Entry entry = entries.computeIfAbsent(key, k -> fresh);
    entry.users++;
    return entry;
  }

  private void compile(String key, Entry entry, Graph graph) {
    try {
      entry.executable.complete(backend.compile(graph));
      trim(entry);
    } catch (Throwable e) {
      entry.executable.completeExceptionally(e);
      synchronized (this) {
        entries.remove(key, entry);
      }
    }
  }

  private static Executable await(Entry entry, Cancellation cancellation) {
    while (true) {
      try {
        return entry.executable.get(50, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        cancellation.check();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CancellationException("cancelled: its thread was interrupted");
      } catch (ExecutionException e) {
        throw rethrown(e.getCause());
      }
    }
  }

  private static RuntimeException rethrown(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException runtime ? runtime : new CompletionException(cause);
  }

  private synchronized void trim(Entry newest) {
    Iterator<Entry> oldest = entries.values().iterator();
    while (oldest.hasNext() && (entries.size() > most || held() > bytes)) {
      Entry entry = oldest.next();
      if (entry != newest && entry.executable.isDone()) {
        oldest.remove();
        drop(entry);
      }
    }
  }

  /** Constants that several executables share count once. */
  private long held() {
    Map<Tensor, Boolean> seen = new IdentityHashMap<>();
    long held = 0;
    for (Entry entry : entries.values()) {
      held += entry.nativeBytes();
      for (Tensor t : entry.constants) {
        if (seen.put(t, true) == null) {
          held += (long) t.size() * t.type().bytes();
        }
      }
    }
    return held;
  }

  private void drop(Entry entry) {
    entry.dropped = true;
    closeIfIdle(entry);
  }

  private synchronized void release(Entry entry) {
    entry.users--;
    closeIfIdle(entry);
  }

  private static void closeIfIdle(Entry entry) {
    if (entry.dropped && entry.users == 0 && !entry.executable.isCompletedExceptionally()) {
      entry.executable.join().close();
    }
  }

  /** Drops all: what is idle is closed now, what is running when it ends. */
  @Override
  public synchronized void close() {
    closed = true;
    List<Entry> all = List.copyOf(entries.values());
    entries.clear();
    all.forEach(this::drop);
  }
}
