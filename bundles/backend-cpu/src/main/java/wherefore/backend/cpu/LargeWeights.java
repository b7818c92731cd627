package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import wherefore.backend.cpu.onednn.Argument;
import wherefore.backend.cpu.onednn.Format;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.graph.Node;
import wherefore.tensor.Tensor;

/**
 * A product of a few rows with large constant weights, which are read as the model has them: one
 * copy in memory then serves the layer and its gradient. oneDNN would pack them twice, as memory
 * and not arithmetic bounds the time for nothing.
 *
 * <pre>
 * y = x·W        W on the right
 * y = x·Wᵀ       yᵀ = W·xᵀ: W on the left; for a single row on the right, read by columns
 * </pre>
 */
final class LargeWeights {
  /** From how many elements on; smaller ones stay in the caches, where packing pays. */
  private static final int LARGE = 1 << 18;

  /** Up to how many rows; with more, arithmetic bounds the time and packing pays. */
  private static final int FEW = 64;

  private final Planner planner;
  private final OneDnn oneDnn;
  private final Node node;
  private final View weights;

  private LargeWeights(Planner planner, Node node, Tensor weights) {
    this.planner = planner;
    this.oneDnn = planner.oneDnn();
    this.node = node;
    Buffer buffer = Buffer.constant(planner.constants().dense(weights));
    this.weights = View.dense(buffer, weights.shape(), weights.type());
  }

  /** Emits the product without addend, if it is such a one. */
  static boolean emit(Planner planner, Node node, boolean transposeA, boolean transposeB) {
    Optional<Tensor> weights = planner.constant(node.inputs().get(1));
    boolean covers =
        node.shape().rank() == 2
            && node.shape().dim(0) <= FEW
            && weights.isPresent()
            && weights.get().size() >= LARGE;
    if (covers) {
      new LargeWeights(planner, node, weights.get()).emit(transposeA, transposeB);
    }
    return covers;
  }

  private void emit(boolean transposeA, boolean transposeB) {
    View operand = planner.plain(planner.view(node.inputs().get(0)));
    View x = transposeA ? Products.swapped(operand) : operand;
    if (transposeB && node.shape().dim(0) > 1) {
      View right = planner.dense(Products.swapped(x));
      planner.set(node, Products.swapped(product(weights, right)));
    } else {
      View right = transposeB ? Products.swapped(weights) : weights;
      planner.set(node, product(planner.dense(x), right));
    }
  }

  private View product(View a, View b) {
    var scope = planner.scope();
    View y = planner.allocate(a.type(), Format.dense(a.dims()[0], b.dims()[1]));
    MemorySegment made =
        oneDnn.matMul(
            scope,
            oneDnn.descriptor(scope, a.format()),
            oneDnn.descriptor(scope, b.format()),
            MemorySegment.NULL,
            oneDnn.descriptor(scope, y.format()),
            oneDnn.attributes(scope, List.of()));
    new Call(planner, "matmul", made)
        .read(Argument.SRC, Place.of(a))
        .read(Argument.WEIGHTS, Place.of(b))
        .write(Argument.DST, Place.of(y))
        .emit();
    return y;
  }
}
