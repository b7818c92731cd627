package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import wherefore.backend.cpu.onednn.Argument;
import wherefore.backend.cpu.onednn.Format;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.backend.cpu.onednn.Pooling;
import wherefore.graph.Composite;
import wherefore.graph.Node;
import wherefore.graph.Window;

/** Pooling in float32 and its gradients. */
final class Poolings {
  private record Site(int operand, Window window) {}

  private record Winners(MemorySegment made, Buffer workspace) {}

  private final Planner planner;
  private final OneDnn oneDnn;
  private final Map<Site, Winners> winners = new HashMap<>();

  Poolings(Planner planner) {
    this.planner = planner;
    this.oneDnn = planner.oneDnn();
  }

  /** True if oneDNN means the same: every window holds at least one element. */
  static boolean covers(Window window, int rank) {
    for (int a = 0; a < window.rank(); a++) {
      int reach = window.reach(a);
      if (window.padBegin().get(a) >= reach || window.padEnd().get(a) >= reach) {
        return false;
      }
    }
    return rank >= 3 && rank <= 5;
  }

  void max(Node node, Composite.MaxPool pool) {
    int operand = node.inputs().get(0);
    boolean keeps = needsPlaces(operand, pool.window());
    Winners made =
        forward(node, operand, pool.window(), keeps ? Pooling.MAX_WITH_PLACES : Pooling.MAX);
    if (keeps) {
      winners.put(new Site(operand, pool.window()), made);
    }
  }

  private boolean needsPlaces(int operand, Window window) {
    return planner.graph().nodes().stream()
        .anyMatch(
            n ->
                n.op() instanceof Composite.MaxPoolGrad g
                    && g.window().equals(window)
                    && n.inputs().get(0) == operand);
  }

  void average(Node node, Composite.AveragePool pool) {
    forward(node, node.inputs().get(0), pool.window(), Pooling.average(pool.countIncludePad()));
  }

  private Winners forward(Node node, int operand, Window window, Pooling kind) {
    return forward(planner.view(operand), View.longs(node.shape()), window, kind, node);
  }

  private Winners forward(View operand, long[] dims, Window window, Pooling kind, Node result) {
    View x = readable(operand);
    var scope = planner.scope();
    MemorySegment made =
        oneDnn.pooling(
            scope,
            kind,
            window,
            oneDnn.descriptor(scope, x.format()),
            describe(x, dims),
            oneDnn.attributes(scope, List.of()));
    Call call = new Call(planner, "pool", made).read(Argument.SRC, Place.of(x));
    Buffer workspace = Buffer.inArena(oneDnn.bytes(oneDnn.chosen(made, Argument.WORKSPACE)));
    if (kind.keepsPlaces()) {
      call.write(Argument.WORKSPACE, new Place(workspace, 0));
    }
    View y = planner.written(call, Argument.DST, oneDnn.chosen(made, Argument.DST), dims);
    if (!(result.op() instanceof Composite.MaxPoolGrad)) {
      planner.set(result, y);
    }
    return new Winners(made, workspace);
  }

  private View readable(View view) {
    return Planner.isDescribable(view) ? view : planner.dense(view);
  }

  void maxGradient(Node node, Composite.MaxPoolGrad pool) {
    int operand = node.inputs().get(0);
    View dy = planner.view(node.inputs().get(1));
    Winners forward = winners.get(new Site(operand, pool.window()));
    if (forward == null) {
      View x = planner.view(operand);
      forward = forward(x, dy.dims(), pool.window(), Pooling.MAX_WITH_PLACES, node);
    }
    backward(node, pool.window(), Pooling.MAX_WITH_PLACES, dy, forward);
  }

  void averageGradient(Node node, Composite.AveragePoolGrad pool) {
    View dy = planner.view(node.inputs().get(0));
    Pooling kind = Pooling.average(pool.countIncludePad());
    var scope = planner.scope();
    MemorySegment wide = describe(dy, View.longs(node.shape()));
    MemorySegment hint =
        oneDnn.pooling(
            scope,
            kind,
            pool.window(),
            wide,
            describe(dy, dy.dims()),
            oneDnn.attributes(scope, List.of()));
    backward(node, pool.window(), kind, dy, new Winners(hint, Buffer.inArena(1)));
  }

  /** One side of the windows in the order of the other: blocked if that is. */
  private MemorySegment describe(View other, long[] dims) {
    Format format =
        other.isBlocked() ? Formats.blocked(dims, other.format().block()) : Format.dense(dims);
    return oneDnn.descriptor(planner.scope(), format);
  }

  private void backward(Node node, Window window, Pooling kind, View dy, Winners forward) {
    var scope = planner.scope();
    MemorySegment wide = oneDnn.chosen(forward.made(), Argument.SRC);
    MemorySegment narrow = oneDnn.chosen(forward.made(), Argument.DST);
    MemorySegment made =
        oneDnn.poolingBackward(
            scope, kind, window, wide, narrow, forward.made(), oneDnn.attributes(scope, List.of()));
    Call call =
        new Call(planner, "pool'", made)
            .read(Argument.DIFF_DST, planner.ordered(dy, oneDnn.chosen(made, Argument.DIFF_DST)));
    if (kind.keepsPlaces()) {
      call.read(Argument.WORKSPACE, new Place(forward.workspace(), 0));
    }
    MemorySegment chosen = oneDnn.chosen(made, Argument.DIFF_SRC);
    planner.set(node, planner.written(call, Argument.DIFF_SRC, chosen, View.longs(node.shape())));
  }
}
