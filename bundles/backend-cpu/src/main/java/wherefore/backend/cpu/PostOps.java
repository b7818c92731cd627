package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import wherefore.backend.cpu.onednn.Argument;
import wherefore.backend.cpu.onednn.Eltwise;
import wherefore.backend.cpu.onednn.PostOp;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Node;
import wherefore.graph.Primitive;

/** The nodes behind a convolution or product that its primitive computes as well. */
final class PostOps {
  private record Operand(int place, View view) {}

  private final Planner planner;
  private final List<PostOp> ops = new ArrayList<>();
  private final List<Operand> operands = new ArrayList<>();

  /**
   * @param any true if the primitive may choose the order of full-sized operands
   */
  PostOps(Planner planner, Node head, boolean any) {
    this.planner = planner;
    int last = head.id();
    for (Node node : planner.fusion().tail(head)) {
      append(node, last, any);
      last = node.id();
    }
  }

  private void append(Node node, int last, boolean any) {
    if (!(node.op() instanceof Primitive.Binary binary)) {
      ops.add(new PostOp.Eltwise(Eltwise.of(node.op()).orElseThrow()));
      return;
    }
    int other = node.inputs().get(0) == last ? node.inputs().get(1) : node.inputs().get(0);
    View view = unstretched(planner.view(other));
    boolean full = view.size() == node.shape().size() && any;
    MemorySegment descriptor =
        full
            ? planner.oneDnn().any(planner.scope(), view.dims())
            : planner.oneDnn().descriptor(planner.scope(), view.format());
    operands.add(new Operand(ops.size(), view));
    ops.add(new PostOp.Binary(binary.function() == BinaryFunction.MUL, descriptor));
  }

  /** With extent 1 where elements are repeated, row-major if partial. */
  private View unstretched(View view) {
    long[] dims = view.dims().clone();
    boolean repeated = false;
    for (int a = 0; a < dims.length; a++) {
      if (view.strides()[a] == 0 && dims[a] != 1) {
        dims[a] = 1;
        repeated = true;
      }
    }
    if (!repeated) {
      return Planner.isDescribable(view) ? view : planner.dense(view);
    }
    return planner.dense(view.with(view.offset(), dims, view.strides()));
  }

  List<PostOp> ops() {
    return ops;
  }

  /** Hands the operands to the call. */
  void give(Call call, MemorySegment made) {
    for (Operand operand : operands) {
      Argument argument = Argument.postOp(operand.place());
      MemorySegment chosen = planner.oneDnn().chosen(made, argument);
      call.read(argument, planner.ordered(operand.view(), chosen));
    }
  }
}
