package wherefore.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

/** The table from a primitive and its operands' types to the type of what it yields. */
final class PrimitiveTypes extends Operands {
  private PrimitiveTypes(Primitive op, List<TensorType> in) {
    super(op, in);
  }

  static TensorType of(Primitive op, List<TensorType> in) {
    return new PrimitiveTypes(op, in).primitive(op);
  }

  private TensorType primitive(Primitive primitive) {
    return switch (primitive) {
      case Primitive.Unary u -> unary(u.function());
      case Primitive.Binary b -> binary(b.function());
      case Primitive.Compare c -> {
        same(2);
        yield new TensorType(ElementType.BOOL, x().shape());
      }
      case Primitive.Where w -> where();
      case Primitive.Cast c -> {
        arity(1, 1);
        yield new TensorType(c.to(), x().shape());
      }
      case Primitive.Concat c -> concat(c.axis());
      case Primitive.Reshape r -> {
        arity(1, 1);
        require(r.shape().size() == x().shape().size(), "has another number of elements");
        yield x().with(r.shape());
      }
      case Primitive.Transpose t -> transpose(t.permutation());
      case Primitive.Reverse r -> {
        arity(1, 1);
        r.axes().forEach(a -> positive(a));
        yield x();
      }
      case Primitive.Slice s -> slice(s);
      case Primitive.Pad p -> pad(p);
      case Primitive.Expand e -> expand(e.shape());
      case Primitive.ReduceSum r -> reduce(r.axes());
      case Primitive.ReduceMax r -> maximum(r.axis());
      case Primitive.ArgMax a -> new TensorType(ElementType.INT64, maximum(a.axis()).shape());
      case Primitive.MatMul m -> matMul(m);
      case Primitive.Conv c -> conv(c);
      case Primitive.ConvTranspose c -> convTranspose(c);
      case Primitive.Gather g -> gather(g.axis());
      case Primitive.ScatterAdd s -> scatter(s);
      case Primitive.Windows w -> windows(w.window());
      case Primitive.OverlapAdd o -> overlapAdd(o);
    };
  }

  private TensorType unary(UnaryFunction function) {
    arity(1, 1);
    boolean defined =
        switch (x().element()) {
          case FLOAT32, FLOAT64 -> function != UnaryFunction.NOT;
          case INT64 -> function.isOfIntegers();
          case BOOL -> function == UnaryFunction.NOT;
        };
    require(defined, "is not defined for " + x().element());
    return x();
  }

  private TensorType binary(BinaryFunction function) {
    same(2);
    boolean bool = x().element() == ElementType.BOOL;
    require(bool == function.isLogical(), "is not defined for " + x().element());
    return x();
  }

  private TensorType where() {
    arity(3, 3);
    require(x().element() == ElementType.BOOL, "the condition must be bool");
    require(in.get(1).equals(in.get(2)), "both choices must be of one type");
    require(in.get(1).shape().equals(x().shape()), "the condition must have the choices' shape");
    return in.get(1);
  }

  private TensorType concat(int axis) {
    require(!in.isEmpty(), "needs an operand");
    int along = positive(axis);
    int extent = 0;
    for (TensorType part : in) {
      require(part.element() == x().element(), "mixes element types");
      require(part.shape().rank() == x().shape().rank(), "mixes ranks");
      require(
          part.shape().with(along, 0).equals(x().shape().with(along, 0)),
          "differs in more than axis " + along);
      extent += part.shape().dim(along);
    }
    return x().with(x().shape().with(along, extent));
  }

  private TensorType transpose(List<Integer> permutation) {
    arity(1, 1);
    List<Integer> axes = IntStream.range(0, x().shape().rank()).boxed().toList();
    require(permutation.stream().sorted().toList().equals(axes), "is not a permutation of " + axes);
    return x().with(shape(permutation.stream().map(a -> x().shape().dim(a)).toList()));
  }

  private TensorType slice(Primitive.Slice s) {
    arity(1, 1);
    int rank = x().shape().rank();
    require(
        s.starts().size() == rank && s.ends().size() == rank && s.steps().size() == rank,
        "needs start, end and step for each axis");
    List<Integer> extents = new ArrayList<>();
    for (int a = 0; a < rank; a++) {
      int start = s.starts().get(a);
      int end = s.ends().get(a);
      int step = s.steps().get(a);
      require(
          start >= 0 && start <= end && end <= x().shape().dim(a) && step > 0,
          "goes beyond axis " + a);
      extents.add((end - start + step - 1) / step);
    }
    return x().with(shape(extents));
  }

  private TensorType pad(Primitive.Pad p) {
    arity(1, 1);
    int rank = x().shape().rank();
    require(
        p.before().size() == rank && p.after().size() == rank && p.between().size() == rank,
        "needs paddings for each axis");
    List<Integer> extents = new ArrayList<>();
    for (int a = 0; a < rank; a++) {
      int extent = x().shape().dim(a);
      require(
          p.before().get(a) >= 0 && p.after().get(a) >= 0 && p.between().get(a) >= 0,
          "must not be negative");
      extents.add(
          p.before().get(a)
              + extent
              + Math.max(0, extent - 1) * p.between().get(a)
              + p.after().get(a));
    }
    return x().with(shape(extents));
  }

  private TensorType expand(Shape target) {
    arity(1, 1);
    require(
        target.rank() == x().shape().rank() && x().shape().broadcastsTo(target),
        "can't be stretched to " + target);
    return x().with(target);
  }

  private TensorType maximum(int axis) {
    TensorType reduced = reduce(List.of(axis));
    boolean empty = x().shape().dim(axis) == 0 && reduced.shape().size() > 0;
    require(!empty, "axis " + axis + " is empty: it has no maximum");
    return reduced;
  }

  private TensorType matMul(Primitive.MatMul m) {
    arity(2, 2);
    Shape a = x().shape();
    Shape b = in.get(1).shape();
    numeric();
    require(x().element() == in.get(1).element(), "mixes element types");
    require(a.rank() >= 2 && a.rank() == b.rank(), "needs matrices of one rank");
    Shape outer = a.axes(0, a.rank() - 2);
    require(outer.equals(b.axes(0, b.rank() - 2)), "the outer axes differ");
    int rows = a.dim(m.transposeA() ? -1 : -2);
    int inner = a.dim(m.transposeA() ? -2 : -1);
    require(inner == b.dim(m.transposeB() ? -1 : -2), "the inner extents differ");
    return x().with(outer.concat(Shape.of(rows, b.dim(m.transposeB() ? -2 : -1))));
  }

  private TensorType conv(Primitive.Conv c) {
    floating(2, 3);
    Shape w = in.get(1).shape();
    checkKernel(c.window());
    require(
        c.group() > 0 && x().shape().dim(1) == w.dim(1) * c.group() && w.dim(0) % c.group() == 0,
        "channels don't fit: group " + c.group());
    checkBias(w.dim(0));
    return x().with(spatial(c.window(), x().shape()).with(1, w.dim(0)));
  }

  private TensorType convTranspose(Primitive.ConvTranspose c) {
    floating(2, 3);
    Shape w = in.get(1).shape();
    checkKernel(c.window());
    require(
        c.group() > 0 && x().shape().dim(1) == w.dim(0) && w.dim(0) % c.group() == 0,
        "channels don't fit: group " + c.group());
    require(c.outputPadding().size() == c.window().rank(), "needs an output padding for each axis");
    require(
        c.outputPadding().stream().allMatch(p -> p >= 0), "output paddings must not be negative");
    checkBias(w.dim(1) * c.group());
    Shape out = x().shape().with(1, w.dim(1) * c.group());
    for (int a = 0; a < c.window().rank(); a++) {
      int extent =
          (x().shape().dim(a + 2) - 1) * c.window().strides().get(a)
              + c.window().reach(a)
              - c.window().padBegin().get(a)
              - c.window().padEnd().get(a)
              + c.outputPadding().get(a);
      out = out.with(a + 2, extent);
    }
    return x().with(out);
  }

  private void checkKernel(Window window) {
    Shape w = in.get(1).shape();
    require(
        x().shape().rank() == window.rank() + 2 && w.rank() == window.rank() + 2,
        "needs operands of rank " + (window.rank() + 2));
    require(
        w.axes(2, w.rank()).equals(shape(window.kernel())), "weights are not " + window.kernel());
  }

  private void checkBias(int channels) {
    require(
        in.size() < 3 || in.get(2).shape().equals(Shape.of(channels)),
        "the bias must have " + channels + " elements");
  }

  private TensorType gather(int axis) {
    arity(2, 2);
    require(in.get(1).element() == ElementType.INT64, "the indices must be int64");
    int along = positive(axis);
    Shape data = x().shape();
    return x().with(
            data.axes(0, along)
                .concat(in.get(1).shape())
                .concat(data.axes(along + 1, data.rank())));
  }

  private TensorType scatter(Primitive.ScatterAdd s) {
    arity(2, 2);
    Shape indices = in.get(1).shape();
    Shape updates = x().shape();
    numeric();
    require(in.get(1).element() == ElementType.INT64, "the indices must be int64");
    int inner = s.axis() + indices.rank();
    require(
        s.axis() >= 0 && inner <= updates.rank() && updates.axes(s.axis(), inner).equals(indices),
        "the indices' axes don't stand at axis " + s.axis());
    return x().with(
            updates
                .axes(0, s.axis())
                .concat(Shape.of(s.extent()))
                .concat(updates.axes(inner, updates.rank())));
  }

  private TensorType windows(Window window) {
    arity(1, 1);
    require(!window.isPadded(), "takes no padding");
    int outer = x().shape().rank() - window.rank();
    require(outer >= 0, "has fewer axes than the window");
    List<Integer> outputs = new ArrayList<>();
    for (int a = 0; a < window.rank(); a++) {
      outputs.add(window.outputs(a, x().shape().dim(outer + a)));
    }
    return x().with(
            x().shape().axes(0, outer).concat(shape(outputs)).concat(shape(window.kernel())));
  }

  private TensorType overlapAdd(Primitive.OverlapAdd o) {
    arity(1, 1);
    numeric();
    Shape windows = x().shape();
    int outer = windows.rank() - 2 * o.window().rank();
    require(outer >= 0 && o.extents().size() == o.window().rank(), "extents don't fit the window");
    TensorType operand = x().with(windows.axes(0, outer).concat(shape(o.extents())));
    TensorType expected = of(new Primitive.Windows(o.window()), List.of(operand));
    require(expected.equals(x()), "windows over " + operand + " would be " + expected);
    return operand;
  }
}
