package wherefore.backend.cpu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.compute.Cancellation;
import wherefore.compute.Executable;
import wherefore.compute.Feeds;
import wherefore.tensor.Tensor;

/** A plan with its memory: one frame for each run at a time. */
final class Program implements Executable {
  /** Frames kept for the next run. */
  private static final int KEPT = 2;

  private final Plan plan;
  private final OneDnn oneDnn;
  private final Team team;
  private final Runnable onClose;
  private final Deque<Frame> idle = new ArrayDeque<>();
  private int frames;
  private boolean closed;

  Program(Plan plan, OneDnn oneDnn, Team team, java.util.function.Consumer<Program> onClose) {
    this.plan = plan;
    this.oneDnn = oneDnn;
    this.team = team;
    this.onClose = () -> onClose.accept(this);
    this.idle.push(frame());
  }

  private Frame frame() {
    frames++;
    return new Frame(oneDnn, team, plan.arenaBytes(), plan.steps());
  }

  @Override
  public Map<String, Tensor> run(Map<String, Tensor> feeds, Cancellation cancellation) {
    cancellation.check();
    Map<String, Tensor> fed = Feeds.check(plan.inputs(), feeds);
    Frame frame = take();
    try {
      plan.write(frame, fed);
      oneDnn.threads(plan.threads());
      plan.clock().run(frame.steps(), cancellation);
      Map<String, Tensor> results = new LinkedHashMap<>();
      plan.outputs().forEach(name -> results.put(name, plan.read(frame, name)));
      return results;
    } finally {
      giveBack(frame);
    }
  }

  private synchronized Frame take() {
    if (closed) {
      throw new IllegalStateException("this executable is closed; compile the graph again");
    }
    return idle.isEmpty() ? frame() : idle.pop();
  }

  private synchronized void giveBack(Frame frame) {
    if (closed || idle.size() >= KEPT) {
      frames--;
      frame.close();
    } else {
      idle.push(frame);
    }
    if (closed && frames == 0) {
      plan.close();
    }
  }

  @Override
  public synchronized long nativeBytes() {
    return closed && frames == 0 ? 0 : frames * plan.arenaBytes() + plan.constantBytes();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    frames -= idle.size();
    idle.forEach(Frame::close);
    idle.clear();
    if (frames == 0) {
      plan.close();
    }
    onClose.run();
  }

  /** The plan. */
  @Override
  public String toString() {
    return plan.toString();
  }
}
