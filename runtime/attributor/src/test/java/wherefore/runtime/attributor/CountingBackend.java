package wherefore.runtime.attributor;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import wherefore.backend.reference.ReferenceBackend;
import wherefore.compute.BackendInfo;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeBackend;
import wherefore.compute.ComputeException;
import wherefore.compute.Executable;
import wherefore.graph.Graph;
import wherefore.tensor.Tensor;

/** The reference backend under another id, which counts and notices misuse. */
final class CountingBackend implements ComputeBackend {
  final AtomicInteger compiled = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final AtomicInteger runs = new AtomicInteger();
  final Queue<String> misuses = new ConcurrentLinkedQueue<>();
  private final ReferenceBackend reference = new ReferenceBackend();
  private final String id;

  /** The most bytes of a graph, and the most rows, which it doesn't tell. */
  long memory = Long.MAX_VALUE;

  int mostRows = Integer.MAX_VALUE;

  CountingBackend(String id) {
    this.id = id;
  }

  @Override
  public BackendInfo info() {
    BackendInfo info = reference.info();
    return new BackendInfo(id, info.device(), info.floating(), info.settings());
  }

  @Override
  public long memory() {
    return memory;
  }

  @Override
  public Executable compile(Graph graph) {
    if (graph.inputs().values().stream().anyMatch(t -> t.shape().dim(0) > mostRows)) {
      throw ComputeException.tooLarge("at most " + mostRows + " rows");
    }
    compiled.incrementAndGet();
    return new Counted(reference.compile(graph));
  }

  private final class Counted implements Executable {
    private final Executable real;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger closes = new AtomicInteger();

    Counted(Executable real) {
      this.real = real;
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> feeds, Cancellation cancellation) {
      running.incrementAndGet();
      try {
        note(closes.get() > 0, "run after close");
        return real.run(feeds, cancellation);
      } finally {
        note(closes.get() > 0, "closed during a run");
        running.decrementAndGet();
        runs.incrementAndGet();
      }
    }

    private void note(boolean misuse, String what) {
      if (misuse) {
        misuses.add(what);
      }
    }

    @Override
    public long nativeBytes() {
      return 1000;
    }

    @Override
    public void close() {
      note(closes.incrementAndGet() > 1, "closed twice");
      note(running.get() > 0, "closed while running");
      closed.incrementAndGet();
      real.close();
    }
  }
}
