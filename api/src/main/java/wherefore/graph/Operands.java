package wherefore.graph;

import java.util.List;
import wherefore.tensor.ElementType;
import wherefore.tensor.Shape;

/** An operator with its operands, and what tables of types ask of them. */
abstract class Operands {
  final Op op;
  final List<TensorType> in;

  Operands(Op op, List<TensorType> in) {
    this.op = op;
    this.in = in;
  }

  final TensorType x() {
    return in.get(0);
  }

  final TensorType floating(int least, int most) {
    arity(least, most);
    require(x().element().isFloating(), "is defined for floating numbers only");
    in.forEach(t -> require(t.element() == x().element(), "mixes element types"));
    return x();
  }

  final void same(int operands) {
    arity(operands, operands);
    require(in.get(0).equals(in.get(1)), "operands must be of one type");
  }

  final void arity(int least, int most) {
    require(
        in.size() >= least && in.size() <= most,
        "takes %s operands".formatted(least == most ? least : least + " to " + most));
  }

  final int positive(int axis) {
    require(axis >= 0 && axis < x().shape().rank(), "axis " + axis + " does not exist");
    return axis;
  }

  final void require(boolean condition, String complaint) {
    if (!condition) {
      throw new GraphException("%s %s of %s: %s".formatted(op.name(), op, in, complaint));
    }
  }

  static Shape shape(List<Integer> extents) {
    return Shape.of(extents.stream().mapToInt(Integer::intValue).toArray());
  }

  static Shape spatial(Window window, Shape shape) {
    Shape out = shape;
    for (int a = 0; a < window.rank(); a++) {
      out = out.with(a + 2, window.outputs(a, shape.dim(a + 2)));
    }
    return out;
  }

  final void numeric() {
    require(x().element() != ElementType.BOOL, "is not defined for BOOL");
  }

  final TensorType reduce(List<Integer> axes) {
    arity(1, 1);
    numeric();
    Shape shape = x().shape();
    for (int axis : axes) {
      shape = shape.with(positive(axis), 1);
    }
    return x().with(shape);
  }
}
