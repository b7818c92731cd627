package wherefore.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import wherefore.backend.cpu.onednn.Argument;
import wherefore.backend.cpu.onednn.Format;
import wherefore.backend.cpu.onednn.OneDnn;
import wherefore.graph.Composite;
import wherefore.graph.Node;
import wherefore.graph.Primitive;
import wherefore.graph.Window;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/** Convolutions and their adjoints in float32, blocked as oneDNN likes it. */
final class Convolutions {
  private final Planner planner;
  private final OneDnn oneDnn;
  private final Node node;
  private final Window window;
  private final int group;

  private Convolutions(Planner planner, Node node, Window window, int group) {
    this.planner = planner;
    this.oneDnn = planner.oneDnn();
    this.node = node;
    this.window = window;
    this.group = group;
  }

  static void emit(Planner planner, Node node, Node result, Primitive.Conv conv) {
    new Convolutions(planner, node, conv.window(), conv.group()).forward(result);
  }

  /**
   * Emits a convolution by {@link Winograd}, with a ReLU that follows, where that is exact and
   * faster.
   *
   * @return how many of the nodes behind the convolution are computed with it; empty if it is not
   *     emitted
   */
  static OptionalInt emitWinograd(Planner planner, Node node, Primitive.Conv conv) {
    return new Convolutions(planner, node, conv.window(), conv.group()).winograd();
  }

  private OptionalInt winograd() {
    Optional<Tensor> weights = planner.constant(node.inputs().get(1));
    if (weights.isEmpty() || !isWinograd()) {
      return OptionalInt.empty();
    }
    WinogradTiling tiling =
        tiling(window.padBegin().get(0), window.padBegin().get(1), node.inputs().get(0));
    if (!planner.winograd().test(tiling)) {
      return OptionalInt.empty();
    }
    List<Node> tail = planner.fusion().tail(node);
    boolean relu = !tail.isEmpty() && tail.get(0).op() instanceof Composite.Relu;
    View bias =
        node.inputs().size() == 3 ? planner.dense(planner.view(node.inputs().get(2))) : null;
    View x = planner.view(node.inputs().get(0));
    View y =
        new Winograd(planner, tiling)
            .emit(x, weights.get(), new WinogradWeights(false), bias, relu);
    planner.set(relu ? tail.get(0) : node, y);
    return OptionalInt.of(relu ? 1 : 0);
  }

  private boolean isWinograd() {
    Shape x = planner.graph().node(node.inputs().get(0)).shape();
    return node.type().element() == ElementType.FLOAT32
        && group == 1
        && window.kernel().equals(List.of(3, 3))
        && window.strides().equals(List.of(1, 1))
        && window.dilations().equals(List.of(1, 1))
        && Stream.concat(window.padBegin().stream(), window.padEnd().stream()).allMatch(p -> p <= 2)
        && x.dim(1) % Winograd.BLOCK == 0
        && node.shape().dim(1) % Winograd.BLOCK == 0
        && x.size() > 0
        && node.shape().size() > 0;
  }

  private WinogradTiling tiling(int top, int left, int operand) {
    Shape x = planner.graph().node(operand).shape();
    Shape y = node.shape();
    return new WinogradTiling(
        x.dim(0), x.dim(1), x.dim(2), x.dim(3), y.dim(1), y.dim(2), y.dim(3), top, left);
  }

  private void forward(Node result) {
    View x = planner.view(node.inputs().get(0));
    long[] dims = View.longs(node.shape());
    var scope = planner.scope();
    PostOps post = new PostOps(planner, node, true);
    boolean biased = node.inputs().size() == 3;
    MemorySegment made =
        oneDnn.convolution(
            scope,
            window,
            oneDnn.any(scope, x.dims()),
            oneDnn.any(scope, weights().dims()),
            biased ? oneDnn.descriptor(scope, Format.dense(dims[1])) : MemorySegment.NULL,
            oneDnn.any(scope, dims),
            oneDnn.attributes(scope, post.ops()));
    Call call =
        new Call(planner, "conv", made)
            .read(Argument.SRC, planner.ordered(x, oneDnn.chosen(made, Argument.SRC)))
            .read(Argument.WEIGHTS, weights(oneDnn.chosen(made, Argument.WEIGHTS)));
    if (biased) {
      call.read(Argument.BIAS, Place.of(planner.dense(planner.view(node.inputs().get(2)))));
    }
    post.give(call, made);
    write(result, call, Argument.DST, oneDnn.chosen(made, Argument.DST));
  }

  private void write(Node result, Call call, Argument argument, MemorySegment chosen) {
    planner.set(result, planner.written(call, argument, chosen, View.longs(result.shape())));
  }

  /** The weights' shape as oneDNN has it: the group an axis of its own. */
  private Format weights() {
    long[] dims = View.longs(planner.graph().node(node.inputs().get(1)).shape());
    if (group == 1) {
      return Format.dense(dims);
    }
    long[] grouped = new long[dims.length + 1];
    grouped[0] = group;
    grouped[1] = dims[0] / group;
    System.arraycopy(dims, 1, grouped, 2, dims.length - 1);
    return Format.dense(grouped);
  }

  private Place weights(MemorySegment chosen) {
    int id = node.inputs().get(1);
    Optional<Tensor> constant = planner.constant(id);
    if (constant.isPresent()) {
      MemorySegment packed = planner.constants().packed(constant.get(), weights(), chosen);
      return new Place(Buffer.constant(packed), 0);
    }
    return planner.ordered(planner.dense(planner.view(id)).with(weights()), chosen);
  }

  /** The adjoint: a data gradient, then the bias. */
  static void emitTranspose(Planner planner, Node node, Primitive.ConvTranspose conv) {
    Convolutions c = new Convolutions(planner, node, conv.window(), conv.group());
    if (c.isExactAdjoint(conv)) {
      if (!c.winogradBackward()) {
        c.backward();
      }
    } else {
      ArrayConvolution.emitTranspose(planner, node, conv);
    }
  }

  private boolean isExactAdjoint(Primitive.ConvTranspose conv) {
    return IntStream.range(0, window.rank())
        .allMatch(
            a ->
                conv.outputPadding().get(a) >= 0
                    && conv.outputPadding().get(a) < window.strides().get(a));
  }

  /** The adjoint of a convolution with stride 1 is one too, of the weights turned around. */
  private boolean winogradBackward() {
    Optional<Tensor> weights = planner.constant(node.inputs().get(1));
    if (weights.isEmpty() || !isWinograd()) {
      return false;
    }
    int top = 2 - window.padBegin().get(0);
    int left = 2 - window.padBegin().get(1);
    WinogradTiling tiling = tiling(top, left, node.inputs().get(0));
    if (!planner.winograd().test(tiling)) {
      return false;
    }
    View bias =
        node.inputs().size() == 3 ? planner.dense(planner.view(node.inputs().get(2))) : null;
    View dy = planner.view(node.inputs().get(0));
    View y =
        new Winograd(planner, tiling)
            .emit(dy, weights.get(), new WinogradWeights(true), bias, false);
    planner.set(node, y);
    return true;
  }

  private void backward() {
    View dy = planner.view(node.inputs().get(0));
    var scope = planner.scope();
    long[] dims = View.longs(node.shape());
    MemorySegment attributes = oneDnn.attributes(scope, List.of());
    MemorySegment wide = oneDnn.any(scope, dims);
    MemorySegment kernel = oneDnn.any(scope, weights().dims());
    MemorySegment narrow = oneDnn.any(scope, dy.dims());
    MemorySegment hint =
        oneDnn.convolution(scope, window, wide, kernel, MemorySegment.NULL, narrow, attributes);
    MemorySegment made =
        oneDnn.convolutionBackward(scope, window, wide, kernel, narrow, hint, attributes);
    Call call =
        new Call(planner, "conv'", made)
            .read(Argument.DIFF_DST, planner.ordered(dy, oneDnn.chosen(made, Argument.DIFF_DST)))
            .read(Argument.WEIGHTS, weights(oneDnn.chosen(made, Argument.WEIGHTS)));
    write(node, call, Argument.DIFF_SRC, oneDnn.chosen(made, Argument.DIFF_SRC));
    if (node.inputs().size() == 3) {
      addBias();
    }
  }

  private void addBias() {
    View y = planner.view(node.id());
    View bias = planner.dense(planner.view(node.inputs().get(2)));
    planner.set(node, Chains.add(planner, y, perChannel(bias, y.dims())));
  }

  /** A vector as a tensor that repeats it along all axes but the channels'. */
  static View perChannel(View vector, long[] dims) {
    long[] strides = new long[dims.length];
    strides[1] = 1;
    return vector.with(0, dims, strides);
  }
}
