package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import wherefore.backend.cpu.onednn.Argument;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.tensor.ElementType;

/** Sums and products of two large tensors that lie alike, in place where one is done with. */
final class Sums {
  private static final int MANY = 1 << 14;

  private Sums() {}

  /** Emits it, if the node is one. */
  static boolean emit(Planner planner, Node node) {
    if (!(node.op() instanceof Primitive.Binary b) || !isLarge(planner, node, b.function())) {
      return false;
    }
    View left = planner.view(node.inputs().get(0));
    View right = planner.view(node.inputs().get(1));
    View first = right.isBlocked() ? right : left;
    View second = right.isBlocked() ? left : right;
    if (!fills(first) || !Planner.isDescribable(second) || left.buffer() == right.buffer()) {
      return false;
    }
    emit(planner, node, b.function() == BinaryFunction.MUL, first, second);
    return true;
  }

  private static boolean isLarge(Planner planner, Node node, BinaryFunction function) {
    return (function == BinaryFunction.ADD || function == BinaryFunction.MUL)
        && node.type().element() == ElementType.FLOAT32
        && node.shape().size() >= MANY
        && node.inputs().stream().noneMatch(planner.fusion()::isInlined);
  }

  private static boolean fills(View view) {
    return view.isBlocked() ? view.offset() == 0 : view.isDense();
  }

  private static void emit(Planner planner, Node node, boolean multiply, View a, View b) {
    OneDnn oneDnn = planner.oneDnn();
    MemorySegment descriptor = oneDnn.descriptor(planner.scope(), a.format());
    MemorySegment made =
        oneDnn.binary(
            planner.scope(), multiply, descriptor, oneDnn.attributes(planner.scope(), List.of()));
    View y = new View(Buffer.inArena(oneDnn.bytes(descriptor)), 0, a.format(), a.type());
    Place second = planner.ordered(b, descriptor);
    new Call(planner, multiply ? "mul" : "add", made)
        .read(Argument.SRC, Place.of(a))
        .read(Argument.SRC_1, second)
        .write(Argument.DST, Place.of(y))
        .replacing(a.buffer())
        .emit();
    planner.set(node, y);
  }
}
