package wherefore.graph;

import java.util.List;
import wherefore.tensor.Shape;

/** The table from a composite and its operands' types to the type of what it yields. */
final class CompositeTypes extends Operands {
  private CompositeTypes(Composite op, List<TensorType> in) {
    super(op, in);
  }

  static TensorType of(Composite op, List<TensorType> in) {
    return new CompositeTypes(op, in).composite(op);
  }

  private TensorType composite(Composite composite) {
    return switch (composite) {
      case Composite.Activation a -> floating(1, 1);
      case Composite.PRelu p -> {
        floating(2, 2);
        require(in.get(1).shape().broadcastsTo(x().shape()), "slope does not broadcast to x");
        yield x();
      }
      case Composite.Softmax s -> along(s.axis());
      case Composite.LogSoftmax s -> along(s.axis());
      case Composite.Gemm g -> gemm(g);
      case Composite.BatchNormalization b -> normalization(5);
      case Composite.InstanceNormalization i -> normalization(3);
      case Composite.GroupNormalization g -> {
        require(x().shape().rank() > 1 && x().shape().dim(1) % g.groups() == 0, "groups don't fit");
        yield normalization(3);
      }
      case Composite.LayerNormalization l -> {
        floating(2, 3);
        positive(l.axis());
        in.subList(1, in.size())
            .forEach(p -> require(p.shape().broadcastsTo(x().shape()), "does not broadcast to x"));
        yield x();
      }
      case Composite.LRN l -> {
        require(x().shape().rank() >= 2, "needs a channel axis");
        yield floating(1, 1);
      }
      case Composite.ReduceMean r -> {
        floating(1, 1);
        yield reduce(r.axes());
      }
      case Composite.MaxPool p -> pool(p.window());
      case Composite.MaxPoolGrad p -> {
        floating(2, 2);
        Shape pooled = pooled(p.window(), x().shape());
        require(in.get(1).shape().equals(pooled), "dy must have the shape " + pooled);
        yield x();
      }
      case Composite.AveragePool p -> pool(p.window());
      case Composite.AveragePoolGrad p -> averagePoolGrad(p);
      case Composite.Resize r -> {
        floating(1, 1);
        require(r.extents().size() == x().shape().rank(), "needs an extent for each axis");
        yield x().with(shape(r.extents()));
      }
    };
  }

  private TensorType pool(Window window) {
    floating(1, 1);
    return x().with(pooled(window, x().shape()));
  }

  private Shape pooled(Window window, Shape shape) {
    require(shape.rank() == window.rank() + 2, "needs rank " + (window.rank() + 2));
    return spatial(window, shape);
  }

  private TensorType averagePoolGrad(Composite.AveragePoolGrad p) {
    floating(1, 1);
    Shape dy = x().shape();
    require(
        p.extents().size() == p.window().rank() && dy.rank() == p.window().rank() + 2,
        "extents don't fit the window");
    Shape operand = dy.axes(0, 2).concat(shape(p.extents()));
    require(spatial(p.window(), operand).equals(dy), "dy does not fit the extents");
    return x().with(operand);
  }

  private TensorType along(int axis) {
    floating(1, 1);
    positive(axis);
    return x();
  }

  private TensorType normalization(int operands) {
    floating(operands, operands);
    require(x().shape().rank() >= 2, "needs a channel axis");
    Shape channels = Shape.of(x().shape().dim(1));
    in.subList(1, in.size())
        .forEach(p -> require(p.shape().equals(channels), "parameters must be " + channels));
    return x();
  }

  private TensorType gemm(Composite.Gemm g) {
    floating(2, 3);
    TensorType product =
        PrimitiveTypes.of(new Primitive.MatMul(g.transposeA(), g.transposeB()), in.subList(0, 2));
    require(product.shape().rank() == 2, "needs matrices");
    require(
        in.size() < 3 || in.get(2).shape().broadcastsTo(product.shape()),
        "c does not broadcast to " + product);
    return product;
  }
}
