package wherefore.backend.cpu;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.compute.Cancellation;
import wherefore.compute.ComputeException;
import wherefore.compute.Executable;
import wherefore.graph.TensorType;
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
    plan.inputs().forEach((name, type) -> check(name, type, feeds));
    Frame frame = take();
    try {
      plan.write(frame, feeds);
      oneDnn.threads(plan.threads());
      for (Runnable step : frame.steps()) {
        cancellation.check();
        step.run();
      }
      Map<String, Tensor> results = new LinkedHashMap<>();
      plan.outputs().forEach(name -> results.put(name, plan.read(frame, name, true)));
      return results;
    } finally {
      giveBack(frame);
    }
  }

  private static void check(String name, TensorType type, Map<String, Tensor> feeds) {
    Tensor fed = feeds.get(name);
    String accepted = type.element().isFloating() ? "f32 or f64 " + type.shape() : type.toString();
    if (fed == null) {
      throw new ComputeException(
          "input %s takes %s and is not fed; fed: %s"
              .formatted(
                  name, accepted, String.join(", ", feeds.keySet().stream().sorted().toList())));
    }
    boolean fits =
        fed.type() == type.element() || (fed.type().isFloating() && type.element().isFloating());
    if (!fits || !fed.shape().equals(type.shape())) {
      throw new ComputeException(
          "input %s takes %s and is fed %s".formatted(name, accepted, TensorType.of(fed)));
    }
  }

  private synchronized Frame take() {
    if (closed) {
      throw new ComputeException("the executable is closed");
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
