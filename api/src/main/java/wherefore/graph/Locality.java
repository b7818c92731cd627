package wherefore.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import wherefore.tensor.Shape;
import wherefore.tensor.Tensor;

/**
 * The table from an operator to where a position of its result comes from: how a change that is
 * confined to a box spreads. Positions are along the spatial axes, all behind rows and channels.
 */
sealed interface Locality {
  /** A position of the result is made of that position of each operand. */
  record Pointwise() implements Locality {}

  /**
   * Position i of the result is made of the first operand's from i · stride − before on.
   *
   * @param axes one a spatial axis
   * @param padding the value outside of the operand
   */
  record Sliding(List<Reach> axes, double padding) implements Locality {}

  /** The operand stands so much further on, between other values that are always the same. */
  record Shifted(List<Integer> by) implements Locality {}

  /** Each position is repeated so often along each axis. */
  record Repeated(List<Integer> factors) implements Locality {}

  /** Along one axis: output i is made of {@code reach} elements from i · stride − before on. */
  record Reach(int reach, int stride, int before) {
    /** The first output that an element may be part of. */
    int first(int element) {
      return Math.ceilDiv(element + before - reach + 1, stride);
    }

    /** The last one. */
    int last(int element) {
      return Math.floorDiv(element + before, stride);
    }

    int start(int output) {
      return output * stride - before;
    }

    /** How many elements so many outputs are made of. */
    int extent(int outputs) {
      return (outputs - 1) * stride + reach;
    }
  }

  /**
   * How a node of a graph for one row treats positions; empty if nothing is known, or it mixes
   * them.
   *
   * @param varies whether the operand at a place changes
   */
  static Optional<Locality> of(Graph graph, Node node, IntPredicate varies) {
    List<Shape> in = graph.operands(node).stream().map(Node::shape).toList();
    int rank = node.shape().rank();
    boolean images =
        rank > 2
            && node.shape().dim(0) == 1
            && IntStream.range(0, in.size())
                .filter(varies)
                .allMatch(p -> in.get(p).rank() == rank && in.get(p).dim(0) == 1);
    if (!images) {
      return Optional.empty();
    }
    return switch (node.op()) {
      case Leaf l -> Optional.empty();
      case Primitive p -> primitive(p, node.shape(), in, varies);
      case Composite c -> composite(c, node.shape(), in, varies);
    };
  }

  private static Optional<Locality> primitive(
      Primitive op, Shape out, List<Shape> in, IntPredicate varies) {
    boolean fixed = IntStream.range(1, in.size()).noneMatch(varies);
    return switch (op) {
      case Primitive.Unary u -> pointwise(true);
      case Primitive.Binary b -> pointwise(true);
      case Primitive.Compare c -> pointwise(true);
      case Primitive.Where w -> pointwise(true);
      case Primitive.Cast c -> pointwise(true);
      case Primitive.Concat c -> pointwise(c.axis() == 1);
      case Primitive.Reverse r -> pointwise(r.axes().equals(List.of(1)));
      case Primitive.Expand e ->
          pointwise(Arrays.equals(Boxes.spatial(in.get(0)), Boxes.spatial(out)));
      case Primitive.ReduceSum r -> pointwise(r.axes().equals(List.of(1)));
      case Primitive.ReduceMax r -> pointwise(r.axis() == 1);
      case Primitive.ArgMax a -> pointwise(a.axis() == 1);
      case Primitive.Slice s -> slice(s);
      case Primitive.Pad p -> pad(p);
      case Primitive.Conv c -> sliding(c.window(), 0).filter(s -> fixed);
      case Primitive.Reshape r -> Optional.empty();
      case Primitive.Transpose t -> Optional.empty();
      case Primitive.MatMul m -> Optional.empty();
      case Primitive.ConvTranspose c -> Optional.empty();
      case Primitive.Gather g -> Optional.empty();
      case Primitive.ScatterAdd s -> Optional.empty();
      case Primitive.Windows w -> Optional.empty();
      case Primitive.OverlapAdd o -> Optional.empty();
    };
  }

  private static Optional<Locality> composite(
      Composite op, Shape out, List<Shape> in, IntPredicate varies) {
    boolean fixed = IntStream.range(1, in.size()).noneMatch(varies);
    return switch (op) {
      case Composite.Activation a -> pointwise(true);
      case Composite.PRelu p -> pointwise(fixed && isSpaceless(in.get(1), out));
      case Composite.BatchNormalization n -> pointwise(fixed);
      case Composite.LRN n -> pointwise(true);
      case Composite.Softmax s -> pointwise(s.axis() == 1);
      case Composite.LogSoftmax s -> pointwise(s.axis() == 1);
      case Composite.ReduceMean r -> pointwise(r.axes().equals(List.of(1)));
      case Composite.MaxPool p -> sliding(p.window(), Double.NEGATIVE_INFINITY);
      case Composite.AveragePool p ->
          sliding(p.window(), 0).filter(s -> p.countIncludePad() || !p.window().isPadded());
      case Composite.Resize r -> resize(r, in.get(0), out);
      case Composite.Gemm g -> Optional.empty();
      case Composite.InstanceNormalization n -> Optional.empty();
      case Composite.GroupNormalization n -> Optional.empty();
      case Composite.LayerNormalization n -> Optional.empty();
      case Composite.MaxPoolGrad p -> Optional.empty();
      case Composite.AveragePoolGrad p -> Optional.empty();
    };
  }

  private static Optional<Locality> pointwise(boolean holds) {
    return holds ? Optional.of(new Pointwise()) : Optional.empty();
  }

  /** True if a shape that broadcasts to another is the same at all positions. */
  private static boolean isSpaceless(Shape small, Shape large) {
    int from = Math.max(0, small.rank() - (large.rank() - 2));
    return Arrays.stream(small.axes(from, small.rank()).dims()).allMatch(d -> d == 1);
  }

  private static Optional<Locality> sliding(Window w, double padding) {
    List<Reach> axes = new ArrayList<>();
    for (int a = 0; a < w.rank(); a++) {
      axes.add(new Reach(w.reach(a), w.strides().get(a), w.padBegin().get(a)));
    }
    return Optional.of(new Sliding(axes, padding));
  }

  private static Optional<Locality> slice(Primitive.Slice s) {
    List<Reach> axes = new ArrayList<>();
    for (int a = 2; a < s.starts().size(); a++) {
      axes.add(new Reach(1, s.steps().get(a), -s.starts().get(a)));
    }
    return Optional.of(new Sliding(axes, 0));
  }

  private static Optional<Locality> pad(Primitive.Pad p) {
    boolean outer = p.before().get(0) == 0 && p.after().get(0) == 0;
    return outer && p.between().stream().allMatch(n -> n == 0)
        ? Optional.of(new Shifted(p.before().subList(2, p.before().size())))
        : Optional.empty();
  }

  /** To the nearest neighbour by whole factors; whatever the extent, i comes from i / factor. */
  private static Optional<Locality> resize(Composite.Resize r, Shape in, Shape out) {
    boolean nearest = r.interpolation().mode() == Interpolation.Mode.NEAREST;
    if (!nearest || in.dim(1) != out.dim(1)) {
      return Optional.empty();
    }
    List<Integer> factors = new ArrayList<>();
    for (int a = 2; a < in.rank(); a++) {
      int factor = out.dim(a) / Math.max(1, in.dim(a));
      for (int extent = 1; extent <= in.dim(a); extent++) {
        if (factor * in.dim(a) != out.dim(a) || !repeats(r.interpolation(), extent, factor)) {
          return Optional.empty();
        }
      }
      factors.add(factor);
    }
    return Optional.of(new Repeated(factors));
  }

  private static boolean repeats(Interpolation interpolation, int extent, int factor) {
    Tensor matrix = interpolation.matrix(extent, extent * factor);
    return IntStream.range(0, extent * factor)
        .allMatch(i -> matrix.get(i * extent + i / factor) == 1);
  }

  /**
   * A node's operator as it is applied to patches, without the padding that they already have.
   *
   * @param result what it yields there
   */
  static Op onPatches(Node node, Shape result) {
    return switch (node.op()) {
      case Primitive.Conv c -> new Primitive.Conv(c.window().unpadded(), c.group());
      case Composite.MaxPool p -> new Composite.MaxPool(p.window().unpadded());
      case Composite.AveragePool p ->
          new Composite.AveragePool(p.window().unpadded(), p.countIncludePad());
      case Primitive.Expand e -> new Primitive.Expand(result);
      case Composite.Resize r ->
          new Composite.Resize(Arrays.stream(result.dims()).boxed().toList(), r.interpolation());
      case Primitive.Pad p -> {
        List<Integer> none = Collections.nCopies(result.rank(), 0);
        List<Integer> before = new ArrayList<>(none);
        List<Integer> after = new ArrayList<>(none);
        before.set(1, p.before().get(1));
        after.set(1, p.after().get(1));
        yield new Primitive.Pad(before, after, none, p.value());
      }
      case Primitive.Slice s -> {
        List<Integer> starts = new ArrayList<>(Collections.nCopies(result.rank(), 0));
        List<Integer> ends = new ArrayList<>();
        starts.set(1, s.starts().get(1));
        for (int a = 0; a < result.rank(); a++) {
          int last = starts.get(a) + (result.dim(a) - 1) * s.steps().get(a);
          ends.add(last + 1);
        }
        yield new Primitive.Slice(starts, ends, s.steps());
      }
      default -> node.op();
    };
  }
}
