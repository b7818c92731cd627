package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import wherefore.backend.cpu.onednn.Argument;
import wherefore.backend.cpu.onednn.Eltwise;
import wherefore.backend.cpu.onednn.Format;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.backend.cpu.onednn.OneDnnException;
import wherefore.graph.Composite;
import wherefore.graph.Leaf;
import wherefore.graph.Node;
import wherefore.graph.Op;
import wherefore.graph.Primitive;
import wherefore.graph.Window;
import wherefore.tensor.ElementType;

/** The table from a node's operator to the steps that compute it. */
final class Emitter {
  private final Planner planner;
  private final Poolings poolings;

  Emitter(Planner planner) {
    this.planner = planner;
    this.poolings = new Poolings(planner);
  }

  void emit(Node node) {
    planner.at(node);
    if (planner.fusion().isAbsorbed(node.id())) {
      return;
    }
    Node head = planner.fusion().head(node);
    if (head != node) {
      product(head, node);
    } else {
      operatorOrFunction(node);
    }
  }

  private void operatorOrFunction(Node node) {
    if (Fusion.isLibraryFunction(node)) {
      eltwise(node, Eltwise.of(node.op()).orElseThrow());
    } else {
      operator(node);
    }
  }

  private void operator(Node node) {
    Op op = node.op();
    switch (op) {
      case Leaf.Input i -> planner.set(node, planner.result(node));
      case Leaf.Constant c -> {}
      case Primitive p -> primitive(node, p);
      case Composite c -> composite(node, c);
    }
  }

  private View in(Node node) {
    return planner.view(node.inputs().get(0));
  }

  private void primitive(Node node, Primitive primitive) {
    switch (primitive) {
      case Primitive.Unary u -> Chains.emit(planner, node);
      case Primitive.Binary b -> {
        if (!Masks.emit(planner, node) && !Sums.emit(planner, node)) {
          Chains.emit(planner, node);
        }
      }
      case Primitive.Compare c -> Chains.emit(planner, node);
      case Primitive.Where w -> Chains.emit(planner, node);
      case Primitive.Cast c -> Chains.emit(planner, node);
      case Primitive.Concat c -> concat(node, c.axis());
      case Primitive.Reshape r -> reshape(node);
      case Primitive.Transpose t ->
          planner.set(node, planner.plain(in(node)).transposed(t.permutation()));
      case Primitive.Reverse r -> planner.set(node, planner.plain(in(node)).reversed(r.axes()));
      case Primitive.Slice s -> slice(node, s);
      case Primitive.Pad p -> pad(node, p);
      case Primitive.Expand e ->
          planner.set(node, planner.plain(in(node)).expanded(View.longs(e.shape())));
      case Primitive.ReduceSum r -> Reductions.emit(planner, node, r.axes(), false);
      case Primitive.ReduceMax r -> Reductions.emit(planner, node, List.of(r.axis()), true);
      case Primitive.ArgMax a -> Reductions.argMax(planner, node, a.axis());
      case Primitive.MatMul m -> product(node, node);
      case Primitive.Conv c -> product(node, node);
      case Primitive.ConvTranspose c -> adjoint(node, c);
      case Primitive.Gather g -> Indexing.gather(planner, node, g);
      case Primitive.ScatterAdd s -> Indexing.scatter(planner, node, s);
      case Primitive.Windows w -> planner.set(node, windows(planner.plain(in(node)), w.window()));
      case Primitive.OverlapAdd o -> overlapAdd(node, o.window());
    }
  }

  private void composite(Node node, Composite composite) {
    switch (composite) {
      case Composite.Relu r -> Chains.emit(planner, node);
      case Composite.Softmax s -> Softmaxes.emit(planner, node, s.axis(), false);
      case Composite.LogSoftmax s -> Softmaxes.emit(planner, node, s.axis(), true);
      case Composite.Gemm g -> product(node, node);
      case Composite.MaxPool p -> poolings.max(node, p);
      case Composite.MaxPoolGrad p -> poolings.maxGradient(node, p);
      case Composite.AveragePool p -> poolings.average(node, p);
      case Composite.AveragePoolGrad p -> poolings.averageGradient(node, p);
      default -> throw new AssertionError("not lowered: " + node);
    }
  }

  /** A convolution or matrix product, with what follows it up to the result. */
  private void product(Node node, Node result) {
    if (node.op() instanceof Primitive.Conv c) {
      OptionalInt done = Convolutions.emitWinograd(planner, node, c);
      if (done.isPresent()) {
        planner.fusion().tail(node).stream()
            .skip(done.getAsInt())
            .forEach(this::operatorOrFunction);
        return;
      }
    }
    if (isForLibrary(node) && !largeProduct(node)) {
      try {
        libraryProduct(node, result);
        return;
      } catch (OneDnnException e) {
        if (!e.isUnimplemented()) {
          throw e;
        }
      }
    }
    if (!planner.isSet(node)) {
      arrayProduct(node);
    }
    planner.fusion().tail(node).forEach(this::operatorOrFunction);
  }

  private boolean isForLibrary(Node node) {
    return node.type().element() == ElementType.FLOAT32
        && node.shape().size() > 0
        && planner.graph().operands(node).stream().allMatch(o -> o.shape().size() > 0);
  }

  private void libraryProduct(Node node, Node result) {
    switch (node.op()) {
      case Primitive.Conv c -> Convolutions.emit(planner, node, result, c);
      case Primitive.MatMul m ->
          Products.emit(planner, node, result, m.transposeA(), m.transposeB());
      case Composite.Gemm g -> Products.emit(planner, node, result, g.transposeA(), g.transposeB());
      default -> throw new AssertionError("not a product: " + node);
    }
  }

  /** With weights that are read as they are, if they are large. */
  private boolean largeProduct(Node node) {
    return switch (node.op()) {
      case Primitive.MatMul m -> LargeWeights.emit(planner, node, m.transposeA(), m.transposeB());
      case Composite.Gemm g -> {
        boolean emits = LargeWeights.emit(planner, node, g.transposeA(), g.transposeB());
        if (emits) {
          addend(node);
        }
        yield emits;
      }
      default -> false;
    };
  }

  /** Where oneDNN has no kernel. */
  private void arrayProduct(Node node) {
    switch (node.op()) {
      case Primitive.Conv c -> ArrayConvolution.emit(planner, node, c);
      case Primitive.MatMul m -> ArrayProduct.emit(planner, node, m.transposeA(), m.transposeB());
      case Composite.Gemm g -> {
        ArrayProduct.emit(planner, node, g.transposeA(), g.transposeB());
        addend(node);
      }
      default -> throw new AssertionError("not a product: " + node);
    }
  }

  private void addend(Node gemm) {
    if (gemm.inputs().size() == 3) {
      View y = planner.view(gemm.id());
      View c = planner.dense(planner.view(gemm.inputs().get(2)));
      long[] dims = new long[y.rank()];
      Arrays.fill(dims, 1);
      System.arraycopy(c.dims(), 0, dims, dims.length - c.rank(), c.rank());
      View stretched = c.with(Format.dense(dims)).expanded(y.dims());
      planner.set(gemm, Chains.add(planner, y, stretched));
    }
  }

  private void adjoint(Node node, Primitive.ConvTranspose c) {
    if (isForLibrary(node)) {
      try {
        Convolutions.emitTranspose(planner, node, c);
        return;
      } catch (OneDnnException e) {
        if (!e.isUnimplemented()) {
          throw e;
        }
      }
    }
    ArrayConvolution.emitTranspose(planner, node, c);
  }

  private void eltwise(Node node, Eltwise function) {
    View x = in(node);
    View readable = x.rank() > 0 && Planner.isDescribable(x) ? x : planner.dense(x);
    Format format = readable.isBlocked() || readable.isDense() ? readable.format() : null;
    View source = format == null ? planner.dense(readable) : readable;
    Format own = source.rank() == 0 ? Format.dense(1) : source.format();
    OneDnn oneDnn = planner.oneDnn();
    MemorySegment descriptor = oneDnn.descriptor(planner.scope(), own);
    MemorySegment made =
        oneDnn.eltwise(
            planner.scope(),
            function,
            descriptor,
            descriptor,
            oneDnn.attributes(planner.scope(), List.of()));
    View y =
        new View(Buffer.inArena(oneDnn.bytes(descriptor)), 0, source.format(), ElementType.FLOAT32);
    Call call =
        new Call(planner, node.op().name(), made)
            .read(Argument.SRC, Place.of(source))
            .write(Argument.DST, Place.of(y));
    if (source.offset() == 0) {
      call.replacing(source.buffer());
    }
    call.emit();
    planner.set(node, y);
  }

  private void reshape(Node node) {
    View x = in(node);
    long[] dims = View.longs(node.shape());
    View y = x.reshaped(dims).orElseGet(() -> planner.dense(x).with(Format.dense(dims)));
    planner.set(node, y);
  }

  private void slice(Node node, Primitive.Slice slice) {
    View x = in(node);
    long[] starts = longs(slice.starts());
    long[] extents = View.longs(node.shape());
    boolean rows = x.isBlocked() && slice.steps().get(0) == 1;
    for (int a = 1; a < extents.length; a++) {
      rows &= extents[a] == x.dims()[a];
    }
    planner.set(
        node,
        rows
            ? x.rows(starts[0], extents[0])
            : planner.plain(x).sliced(starts, extents, longs(slice.steps())));
  }

  private static long[] longs(List<Integer> values) {
    return values.stream().mapToLong(Integer::longValue).toArray();
  }

  private void concat(Node node, int axis) {
    View y = planner.result(node);
    long start = 0;
    for (int id : node.inputs()) {
      View part = planner.view(id);
      View usable = part.isBlocked() && !Chains.walks(part) ? planner.dense(part) : part;
      long[] starts = new long[y.rank()];
      starts[axis] = start;
      Moves.copy(planner, usable, y.sliced(starts, part.dims(), ones(y.rank())));
      start += part.dims()[axis];
    }
    planner.set(node, y);
  }

  private static long[] ones(int rank) {
    long[] ones = new long[rank];
    Arrays.fill(ones, 1);
    return ones;
  }

  private void pad(Node node, Primitive.Pad pad) {
    View x = planner.plain(in(node));
    View y = planner.result(node);
    Moves.fill(planner, y, pad.value());
    long[] steps = longs(pad.between());
    for (int a = 0; a < steps.length; a++) {
      steps[a]++;
    }
    Moves.copy(planner, x, y.sliced(longs(pad.before()), x.dims(), steps));
    planner.set(node, y);
  }

  /** The windows are nothing but other strides over the same elements. */
  private static View windows(View x, Window window) {
    int outer = x.rank() - window.rank();
    long[] dims = new long[x.rank() + window.rank()];
    long[] strides = new long[dims.length];
    System.arraycopy(x.dims(), 0, dims, 0, outer);
    System.arraycopy(x.strides(), 0, strides, 0, outer);
    for (int a = 0; a < window.rank(); a++) {
      long stride = x.strides()[outer + a];
      dims[outer + a] = window.outputs(a, (int) x.dims()[outer + a]);
      strides[outer + a] = stride * window.strides().get(a);
      dims[x.rank() + a] = window.kernel().get(a);
      strides[x.rank() + a] = stride * window.dilations().get(a);
    }
    return x.with(x.offset(), dims, strides);
  }

  /** Tap by tap: within a tap no two windows meet. */
  private void overlapAdd(Node node, Window window) {
    View windows = planner.plain(in(node));
    View y = planner.result(node);
    planner.set(node, y);
    Moves.fill(planner, y, 0);
    if (windows.size() == 0) {
      return;
    }
    View places = windows(y, window);
    int rank = y.rank();
    int taps = window.kernel().stream().reduce(1, (a, b) -> a * b);
    for (int tap = 0; tap < taps; tap++) {
      Chains.addInto(planner, tap(places, window, rank, tap), tap(windows, window, rank, tap));
    }
  }

  /** The elements under one tap of all windows. */
  private static View tap(View windows, Window window, int rank, int tap) {
    long offset = windows.offset();
    int rest = tap;
    List<Integer> at = new ArrayList<>();
    for (int a = window.rank() - 1; a >= 0; a--) {
      at.add(0, rest % window.kernel().get(a));
      rest /= window.kernel().get(a);
    }
    for (int a = 0; a < window.rank(); a++) {
      offset += at.get(a) * windows.strides()[rank + a];
    }
    return windows.with(
        offset, Arrays.copyOf(windows.dims(), rank), Arrays.copyOf(windows.strides(), rank));
  }
}
