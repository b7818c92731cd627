package wherefore.backend.cpu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.compute.Cancellation;
import wherefore.compute.Executable;
import wherefore.compute.Feeds;
import wherefore.compute.PlanStep;
import wherefore.graph.Graph;
import wherefore.tensor.Tensor;

/**
 * A plan with its memory: one frame for each run at a time. When nobody runs it and others need the
 * memory, it gives up its frames, then its plan, which is made again for the next run.
 */
final class Program implements Executable, NativeMemory.Idle {
  /** Frames kept for the next run. */
  private static final int KEPT = 2;

  /** What a run works with. */
  private record Loaded(Plan plan, Frame frame) {}

  private final Graph graph;
  private final Compiler compiler;
  private final OneDnn oneDnn;
  private final NativeMemory memory;
  private final Runnable onClose;
  private final ReentrantLock loading = new ReentrantLock();
  private final Deque<Frame> idle = new ArrayDeque<>();
  private @Nullable Plan plan;
  private int frames;
  private int pins;
  private boolean closed;

  Program(
      Graph graph,
      Compiler compiler,
      OneDnn oneDnn,
      NativeMemory memory,
      Consumer<Program> onClose) {
    this.graph = graph;
    this.compiler = compiler;
    this.oneDnn = oneDnn;
    this.memory = memory;
    this.onClose = () -> onClose.accept(this);
  }

  /** Makes the plan, and memory for a first run. */
  void load() {
    giveBack(memory.attempt(Cancellation.NEVER, this::loaded));
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> feeds, Cancellation cancellation) {
    cancellation.check();
    Map<String, Tensor> fed = Feeds.check(graph.inputs(), feeds);
    Loaded loaded = take(cancellation);
    try {
      return run(loaded.plan(), loaded.frame(), fed, cancellation);
    } finally {
      giveBack(loaded);
    }
  }

  private Map<String, Tensor> run(
      Plan plan, Frame frame, Map<String, Tensor> fed, Cancellation cancellation) {
    plan.write(frame, fed);
    oneDnn.threads(plan.threads());
    plan.clock().run(frame.steps(), cancellation);
    Map<String, Tensor> results = new LinkedHashMap<>();
    plan.outputs().forEach(name -> results.put(name, plan.read(frame, name)));
    return results;
  }

  private Loaded take(Cancellation cancellation) {
    Loaded kept = kept();
    return kept == null ? memory.attempt(cancellation, this::loaded) : kept;
  }

  /** A frame that is there already; none where others wait for memory, to wait behind them. */
  private synchronized @Nullable Loaded kept() {
    checkOpen();
    if (plan == null || idle.isEmpty() || memory.isShort()) {
      return null;
    }
    pins++;
    memory.begins();
    return new Loaded(plan, idle.pop());
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this executable is closed; compile the graph again");
    }
  }

  /** With whatever is missing made. */
  private Loaded loaded() {
    loading.lock();
    try {
      Plan ready = pin();
      try {
        Loaded loaded = new Loaded(ready, frame(ready));
        memory.begins();
        return loaded;
      } catch (RuntimeException | Error e) {
        unpin();
        throw e;
      }
    } finally {
      loading.unlock();
    }
  }

  private Plan pin() {
    synchronized (this) {
      checkOpen();
      if (plan != null) {
        pins++;
        return plan;
      }
    }
    Plan made = compiler.compile(graph);
    synchronized (this) {
      if (!closed) {
        plan = made;
        pins++;
        return made;
      }
    }
    made.close();
    throw new IllegalStateException("this executable is closed; compile the graph again");
  }

  private Frame frame(Plan ready) {
    synchronized (this) {
      frames++;
      if (!idle.isEmpty()) {
        frames--;
        return idle.pop();
      }
    }
    try {
      return compiler.frame(ready);
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        frames--;
      }
      throw e;
    }
  }

  private void giveBack(Loaded loaded) {
    boolean keeps;
    synchronized (this) {
      keeps = !closed && idle.size() < KEPT && !memory.isShort();
      if (keeps) {
        idle.push(loaded.frame());
      } else {
        frames--;
      }
    }
    if (!keeps) {
      loaded.frame().close();
    }
    unpin();
    memory.ends();
  }

  private void unpin() {
    Plan unused = null;
    synchronized (this) {
      pins--;
      if (pins == 0 && closed) {
        unused = plan;
        plan = null;
      }
      if (!closed) {
        memory.isIdle(this);
      }
    }
    if (unused != null) {
      unused.close();
    }
  }

  @Override
  public boolean makeRoom() {
    Frame frame = null;
    Plan unused = null;
    synchronized (this) {
      frame = idle.poll();
      if (frame != null) {
        frames--;
      } else if (pins == 0) {
        unused = plan;
        plan = null;
      }
    }
    if (frame != null) {
      frame.close();
    }
    if (unused != null) {
      unused.close();
    }
    return frame != null || unused != null;
  }

  @Override
  public synchronized long nativeBytes() {
    return plan == null ? 0 : frames * plan.arenaBytes() + plan.constantBytes();
  }

  @Override
  public synchronized List<PlanStep> plan() {
    return plan == null ? List.of() : plan.timed();
  }

  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    memory.forget(this);
    while (makeRoom()) {
      // A frame at a time, then the plan; what runs goes when it ends.
    }
    onClose.run();
  }

  /** The plan. */
  @Override
  public synchronized String toString() {
    return plan == null ? "unloaded" : plan.toString();
  }
}
