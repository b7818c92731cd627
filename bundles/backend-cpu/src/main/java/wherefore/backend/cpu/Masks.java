package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import wherefore.backend.cpu.onednn.Argument;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.graph.BinaryFunction;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.tensor.ElementType;

/** v · [0 &lt; x] in one pass: the gradient of a ReLU. */
final class Masks {
  private record Mask(int gradient, int data) {}

  private Masks() {}

  /** Emits it, if the node is one and its operands lie alike. */
  static boolean emit(Planner planner, Node node) {
    Optional<Mask> mask = mask(planner, node, 0, 1).or(() -> mask(planner, node, 1, 0));
    if (mask.isEmpty() || node.shape().size() == 0) {
      return false;
    }
    View v = planner.view(mask.get().gradient());
    View x = planner.view(mask.get().data());
    boolean readable = Planner.isDescribable(v) && Planner.isDescribable(x) && v.rank() > 0;
    if (!readable || (x.isBlocked() && x.offset() != 0)) {
      return false;
    }
    emit(planner, node, v, x);
    return true;
  }

  private static void emit(Planner planner, Node node, View v, View x) {
    OneDnn oneDnn = planner.oneDnn();
    MemorySegment descriptor = oneDnn.descriptor(planner.scope(), x.format());
    Place gradient = planner.ordered(v, descriptor);
    MemorySegment made =
        oneDnn.reluBackward(
            planner.scope(), descriptor, descriptor, oneDnn.attributes(planner.scope(), List.of()));
    View y = new View(Buffer.inArena(oneDnn.bytes(descriptor)), 0, x.format(), ElementType.FLOAT32);
    Call call =
        new Call(planner, "relu'", made)
            .read(Argument.SRC, Place.of(x))
            .read(Argument.DIFF_DST, gradient)
            .write(Argument.DIFF_SRC, Place.of(y));
    if (gradient.bytes() == 0 && gradient.buffer() != x.buffer()) {
      call.replacing(gradient.buffer());
    }
    call.emit();
    planner.set(node, y);
  }

  private static Optional<Mask> mask(Planner planner, Node node, int place, int other) {
    boolean product =
        node.op() instanceof Primitive.Binary b
            && b.function() == BinaryFunction.MUL
            && node.type().element() == ElementType.FLOAT32;
    if (!product) {
      return Optional.empty();
    }
    int gradient = node.inputs().get(other);
    Node cast = planner.graph().node(node.inputs().get(place));
    if (!(cast.op() instanceof Primitive.Cast)
        || !planner.fusion().isInlined(cast.id())
        || planner.fusion().isInlined(gradient)) {
      return Optional.empty();
    }
    Node compare = planner.graph().node(cast.inputs().get(0));
    boolean positive =
        planner.fusion().isInlined(compare.id())
            && planner.fusion().isIndicator(cast)
            && !planner.fusion().isInlined(compare.inputs().get(1));
    return positive && isFloat(planner, compare)
        ? Optional.of(new Mask(gradient, compare.inputs().get(1)))
        : Optional.empty();
  }

  private static boolean isFloat(Planner planner, Node compare) {
    return planner.graph().node(compare.inputs().get(1)).type().element() == ElementType.FLOAT32;
  }
}
