package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import wherefore.backend.cpu.onednn.Argument;
import wherefore.backend.cpu.onednn.Format;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.graph.Node;
import wherefore.tensor.ElementType;
import wherefore.tensor.Tensor;

/** Matrix products in float32. */
final class Products {
  private final Planner planner;
  private final OneDnn oneDnn;
  private final Node node;

  private Products(Planner planner, Node node) {
    this.planner = planner;
    this.oneDnn = planner.oneDnn();
    this.node = node;
  }

  static void emit(
      Planner planner, Node node, Node result, boolean transposeA, boolean transposeB) {
    new Products(planner, node).emit(result, transposeA, transposeB);
  }

  private void emit(Node result, boolean transposeA, boolean transposeB) {
    View a = matrix(planner.view(node.inputs().get(0)), transposeA);
    int b = node.inputs().get(1);
    Optional<Tensor> weights = planner.constant(b);
    long[] dims = View.longs(node.shape());
    boolean packs = weights.isPresent() && weights.get().size() > 1;
    Format wanted = packs ? stored(weights.get(), transposeB) : null;
    View y = planner.result(result);
    PostOps post = new PostOps(planner, node, false);
    View second = packs ? null : matrix(planner.view(b), transposeB);
    var scope = planner.scope();
    MemorySegment made =
        oneDnn.matMul(
            scope,
            oneDnn.descriptor(scope, a.format()),
            second == null
                ? oneDnn.any(scope, Objects.requireNonNull(wanted).dims())
                : oneDnn.descriptor(scope, second.format()),
            bias(),
            oneDnn.descriptor(scope, Format.dense(dims)),
            oneDnn.attributes(scope, post.ops()));
    Call call = new Call(planner, "matmul", made).read(Argument.SRC, Place.of(a));
    MemorySegment chosen = oneDnn.chosen(made, Argument.WEIGHTS);
    if (second == null) {
      MemorySegment packed =
          planner.constants().packed(weights.get(), Objects.requireNonNull(wanted), chosen);
      call.read(Argument.WEIGHTS, new Place(Buffer.constant(packed), 0));
    } else {
      call.read(Argument.WEIGHTS, Place.of(second));
    }
    post.give(call, made);
    if (node.inputs().size() == 3) {
      call.read(Argument.BIAS, Place.of(biasView()));
    }
    call.write(Argument.DST, Place.of(y)).emit();
    planner.set(result, y);
  }

  private MemorySegment bias() {
    return node.inputs().size() < 3
        ? MemorySegment.NULL
        : oneDnn.descriptor(planner.scope(), biasView().format());
  }

  /** The addend of a Gemm with as many axes as the product. */
  private View biasView() {
    View c = planner.dense(planner.view(node.inputs().get(2)));
    long[] dims = new long[node.shape().rank()];
    Arrays.fill(dims, 1);
    System.arraycopy(c.dims(), 0, dims, dims.length - c.rank(), c.rank());
    return c.with(Format.dense(dims));
  }

  private static Format stored(Tensor tensor, boolean transposed) {
    View view = View.dense(Buffer.inArena(1), tensor.shape(), ElementType.FLOAT32);
    return (transposed ? swapped(view) : view).format();
  }

  /** The same matrices transposed. */
  static View swapped(View view) {
    var order = new ArrayList<>(IntStream.range(0, view.rank()).boxed().toList());
    Collections.swap(order, view.rank() - 1, view.rank() - 2);
    return view.transposed(order);
  }

  /** An operand that oneDNN can read: rows or columns contiguous, stretched outer axes shrunk. */
  private View matrix(View operand, boolean transposed) {
    View view = transposed ? swapped(planner.plain(operand)) : planner.plain(operand);
    long[] dims = view.dims().clone();
    for (int a = 0; a < view.rank() - 2; a++) {
      if (view.strides()[a] == 0) {
        dims[a] = 1;
      }
    }
    View shrunk = view.with(view.offset(), dims, view.strides());
    return isMatrix(shrunk) ? shrunk : contiguous(shrunk, transposed);
  }

  private View contiguous(View view, boolean transposed) {
    return transposed ? swapped(planner.dense(swapped(view))) : planner.dense(view);
  }

  private static boolean isMatrix(View view) {
    int last = view.rank() - 1;
    long rows = view.dims()[last - 1];
    long columns = view.dims()[last];
    boolean rowMajor =
        view.strides()[last] == 1 && (rows == 1 || view.strides()[last - 1] >= columns);
    boolean columnMajor =
        view.strides()[last - 1] == 1 && (columns == 1 || view.strides()[last] >= rows);
    return (rowMajor || columnMajor) && Planner.isDescribable(view);
  }
}
