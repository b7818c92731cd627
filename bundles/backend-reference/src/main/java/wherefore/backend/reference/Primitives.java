package wherefore.backend.reference;

import java.util.List;
import wherefore.graph.Primitive;
import wherefore.graph.TensorType;

/** The table from a primitive to its kernel. */
final class Primitives {
  private Primitives() {}

  /** The kernel of a primitive applied to operands of these types. */
  static Kernel kernel(Primitive primitive, List<TensorType> in, TensorType out) {
    TensorType x = in.get(0);
    return switch (primitive) {
      case Primitive.Unary u -> Elementwise.unary(u.function(), x.element());
      case Primitive.Binary b -> Elementwise.binary(b.function(), x.element());
      case Primitive.Compare c -> Elementwise.compare(c.relation(), x.element());
      case Primitive.Where w -> Elementwise.where(out);
      case Primitive.Cast c -> Elementwise.cast(out);
      case Primitive.Reshape r -> (operands, work) -> operands.get(0).reshape(r.shape());
      case Primitive.Transpose t -> Moves.copy(out, View.of(x.shape()).transposed(t.permutation()));
      case Primitive.Reverse r -> Moves.copy(out, View.of(x.shape()).reversed(r.axes()));
      case Primitive.Slice s -> Moves.copy(out, Moves.slice(s, x.shape(), out.shape()));
      case Primitive.Expand e -> Moves.copy(out, View.of(x.shape()).repeated(e.shape()));
      case Primitive.Windows w ->
          Moves.copy(out, View.of(x.shape()).windows(w.window(), out.shape()));
      case Primitive.Pad p -> Moves.pad(p, x, out);
      case Primitive.Concat c -> Moves.concat(c.axis(), out);
      case Primitive.Gather g -> Moves.gather(g.axis(), out);
      case Primitive.ScatterAdd s -> Moves.scatterAdd(s, out);
      case Primitive.ReduceSum r -> Moves.reduceSum(out);
      case Primitive.OverlapAdd o -> Moves.overlapAdd(o, x, out);
      case Primitive.ReduceMax r -> Maximum.reduceMax(r.axis(), out);
      case Primitive.ArgMax a -> Maximum.argMax(a.axis(), out);
      case Primitive.MatMul m -> Products.matMul(m, out);
      case Primitive.Conv c -> Convolution.conv(c, out);
      case Primitive.ConvTranspose c -> Convolution.convTranspose(c, out);
    };
  }
}
